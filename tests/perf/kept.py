"""kept.py ROWS: those of the rows that are of this machine, this commit and this server, of each kind the newest."""
import json
import sys

import bench
import table

if __name__ == "__main__":
    same = bench.Bench(sys.argv[1]).same
    for row in table.load(sys.argv[1]):
        if all(row.get(k) == v for k, v in same.items()):
            print(json.dumps(row, ensure_ascii=False))
