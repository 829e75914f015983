"""where: each variable lies in the area it is drawn in, and areas lie in the order of their addresses."""
import re
import subprocess
import unittest

from runner import ExhibitTest, program, run

EDGE = re.compile(r"^ +(0x[0-9a-f]+) \+-(?: (.+?) -+ ([r-][w-][x-]) -- ([0-9.]+ \w+) -*)?-*\+$")
VARIABLE = re.compile(r"^ +(0x[0-9a-f]+) \| (\S+) ")

UNIT = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}


def parse(text):
    """[(end, start, title, permissions, size, {variable: address})], from high to low."""
    areas, edges = [], []
    for line in text.splitlines():
        if edge := EDGE.match(line):
            edges.append(int(edge[1], 16))
            if len(edges) > 1 and areas and areas[-1]["start"] is None:
                areas[-1]["start"] = edges[-1]
            if edge[2]:
                areas.append({"end": edges[-1], "start": None, "title": edge[2], "permissions": edge[3],
                              "size": edge[4], "variables": {}})
        elif variable := VARIABLE.match(line):
            areas[-1]["variables"][variable[2]] = int(variable[1], 16)
    return areas


class Where(ExhibitTest):
    def check(self, bytes_, block_in):
        text = run("where", str(bytes_))
        areas = parse(text)
        places = {name: area for area in areas for name in area["variables"]}
        self.assertGreaterEqual(len(areas), 8, text)

        above = 1 << 47
        for area in areas:
            self.assertLessEqual(area["end"], above, text)
            self.assertLess(area["start"], area["end"], text)
            above = area["start"]
            addresses = list(area["variables"].values())
            self.assertEqual(addresses, sorted(addresses, reverse=True), text)
            for address in addresses:
                self.assertTrue(area["start"] <= address < area["end"], text)
            figure, unit = area["size"].split()
            self.assertAlmostEqual(float(figure) * UNIT[unit], area["end"] - area["start"], delta=UNIT[unit] / 10)

        expected = {"argv[0]": "stack rw-", "local": "stack rw-", "deeper": "stack rw-", "mmap": "mmap area rw-",
                    "malloc": f"{block_in} rw-", "new": "heap rw-", "zeros": "bss: statics that start as zero rw-",
                    "answer": "data: statics with a value rw-", '"hello"': "constants r--",
                    "dive()": "text: instructions r-x"}
        found = {name: f"{area['title']} {area['permissions']}" for name, area in places.items()}
        if found.get("zeros") == "bss and heap in one rw-":  # where the break begins right behind bss
            in_one = ["zeros", "new"] + ["malloc"] * (block_in == "heap")
            expected.update(dict.fromkeys(in_one, "bss and heap in one rw-"))
        self.assertEqual(found, expected)

        mapped = places["mmap"]["variables"]["mmap"]
        self.assertEqual(mapped % 4096, 0)
        self.assertLessEqual(mapped + bytes_, places["mmap"]["end"])
        self.assertLess(places["deeper"]["variables"]["deeper"], places["local"]["variables"]["local"])
        self.assertEqual(int(self.find(r"^(\d+) areas", text)), len(areas))
        return {name: area["variables"][name] for name, area in places.items()}

    def test_a_small_block_lies_in_the_heap(self):
        self.check(1000, "heap")

    def test_a_large_block_lies_in_the_mmap_area(self):
        self.check(1_000_000, "mmap area")

    def test_statics_lie_where_the_linker_put_them(self):
        said = self.check(5000, "heap")
        symbols = subprocess.run(["nm", "-C", program("where")], capture_output=True, text=True, check=True).stdout
        for name, symbol in (("zeros", "(anonymous namespace)::zeros"), ("answer", "(anonymous namespace)::answer"),
                             ("dive()", "(anonymous namespace)::dive()")):
            linked, = re.findall(rf"^([0-9a-f]+) . {re.escape(symbol)}$", symbols, re.M)
            self.assertEqual(said[name], int(linked, 16))

    def test_nonsense_is_refused(self):
        self.assertEqual(run("where", "12x", status=2), "")


if __name__ == "__main__":
    unittest.main()
