/**
 * Streamlit's own words, which it knows in English only, and how they read in German.
 *
 * Most are names of buttons that only screen readers and pointers meet. A word that is missing here
 * stays English; `tests/browser/test_words.py` finds those that the pages show.
 */

const WORDS = {
  "App pages": "Seiten",
  "Autosize": "Breite anpassen",
  "Choose an option": "Bitte wählen",
  "Choose options": "Bitte auswählen",
  "Clear all": "Alle abwählen",
  "Clear value": "Auswahl aufheben",
  "Close": "Schließen",
  "Close fullscreen": "Vollbild schließen",
  "Collapse sidebar": "Seitenleiste schließen",
  "Connection error": "Verbindung unterbrochen",
  "Copied": "Kopiert",
  "Copied!": "Kopiert.",
  "Copy Vega-Lite spec": "Diagramm als Vega-Lite kopieren",
  "Copy to clipboard": "Kopieren",
  "Dismiss": "Liste schließen",
  "Download as CSV": "Als CSV herunterladen",
  "Download as PNG": "Als PNG herunterladen",
  "Download as SVG": "Als SVG herunterladen",
  "Exit fullscreen": "Vollbild verlassen",
  "Expand sidebar": "Seitenleiste öffnen",
  "Fullscreen": "Vollbild",
  "Help": "Hilfe",
  "Hide column": "Spalte verbergen",
  "No results": "Nichts gefunden",
  "Open": "Öffnen",
  "Pin column": "Spalte festhalten",
  "Press Enter to apply": "Eingabetaste übernimmt",
  "Search": "Suchen",
  "Select all": "Alle wählen",
  "Selected values": "Ausgewählt",
  "Show chart": "Diagramm zeigen",
  "Show data": "Werte zeigen",
  "Show/hide columns": "Spalten zeigen oder verbergen",
  "Sidebar": "Seitenleiste",
  "Skip to main content": "Zum Inhalt springen",
  "Sort ascending": "Aufsteigend sortieren",
  "Sort descending": "Absteigend sortieren",
  "Type to search": "Suchbegriff eingeben",
  "Unpin column": "Spalte lösen",
};
/** Beginnings of a name that goes on with our own words. */
const BEGINNINGS = [
  { en: "Help for ", de: "Hilfe: " },
  { en: "Remove ", de: "Entfernen: " },
];
const BETWEEN = ": ";
const KNOWN = new Map(Object.entries(WORDS).flatMap(([en, de]) => [[en, { en, de }], [de, { en, de }]]));

/** A text of Streamlit's in the language wanted; any other text comes back as it is. */
export function inLanguage(text, language) {
  const whole = KNOWN.get(text);
  if (whole) return whole[language];
  for (const beginning of BEGINNINGS) {
    const found = Object.values(beginning).find((one) => text.startsWith(one));
    if (found) return beginning[language] + text.slice(found.length);
  }
  const [head, ...rest] = text.split(BETWEEN);
  const known = rest.length && KNOWN.get(head);
  return known ? [known[language], ...rest].join(BETWEEN) : text;
}
