"""The working set of a program over time (Denning, 1968), from references as they come, in bounded memory.

A page is in use from the beginning of its interval to the end: what is used again in between nobody notes. Time is cut
into slices of equal length; for each, the pages that were in use in it. When there are too many slices, two become one.
The window of the working set is a number of whole slices, so its size is exact at the end of each.
"""
MOST_SLICES = 400  # and never fewer than half of that, once so much time has passed
WINDOWS = 20  # the window is this part of the whole time


class WorkingSet:
    def __init__(self):
        self.pages_ = {}  # page number -> its place in a slice
        self.slices_ = [bytearray()]  # a byte for each page: 1 when it was in use
        self.interval_ = set()  # places of the pages of the present interval
        self.length_ = 1  # ns of a slice
        self.end = 0  # the latest time

    @property
    def page_count(self):
        return len(self.pages_)

    def begin_interval(self, time):
        """At this time, in ns; never earlier than the last."""
        self.end = time
        while time // self.length_ >= MOST_SLICES:
            self.halve_()
        while len(self.slices_) <= time // self.length_:
            self.slices_.append(bytearray())
            self.mark_(self.interval_)
        self.interval_.clear()

    def use(self, page):
        place = self.pages_.setdefault(page, len(self.pages_))
        self.interval_.add(place)
        self.mark_((place,))

    def mark_(self, places):
        newest = self.slices_[-1]
        newest.extend(bytes(max(0, max(places, default=-1) + 1 - len(newest))))
        for place in places:
            newest[place] = 1

    def halve_(self):
        self.slices_ = [union(self.slices_[i : i + 2]) for i in range(0, len(self.slices_), 2)]
        self.length_ *= 2

    def curve(self):
        """[(ns since the start, pages in use in the window that ends then)], and the window in ns."""
        width = max(1, round(len(self.slices_) / WINDOWS))
        sizes = [
            (min((i + 1) * self.length_, self.end), union(self.slices_[max(0, i + 1 - width) : i + 1]).count(1))
            for i in range(len(self.slices_))
        ]
        return sizes, width * self.length_


def union(slices):
    size = max(map(len, slices))
    merged = 0
    for each in slices:
        merged |= int.from_bytes(each, "little")
    return bytearray(merged.to_bytes(size, "little"))
