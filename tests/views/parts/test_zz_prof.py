import sys; sys.path.insert(0,"/work/main/tests/views/parts")
from test_own_data import *
import time
T0=time.process_time()
def test_prof(give):
    print("START",T0); t=time.process_time(); app=visitor(); print("visitor",time.process_time()-t)
    t=time.process_time(); app=give(app,"wohnungen.csv",TABLE); print("give",time.process_time()-t)
    t=time.process_time(); describe(app,layer="housing"); print("describe",time.process_time()-t)
    t=time.process_time(); press(app,"own.add.1"); print("add",time.process_time()-t)
    for page in ("map","indicators", "profile", "compare", "robustness", "change", "weightings", "method","data"):
        t=time.process_time(); go(app,page); print(page,time.process_time()-t)
    t=time.process_time(); go(app,"map"); print("map again",time.process_time()-t)
