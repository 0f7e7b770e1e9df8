"""What people see: the Streamlit pages with their map component, and the command line."""
