"""Read HTML as a browser would: its text, and whether it holds what it must not."""

from html.parser import HTMLParser

ALONE = {"meta", "link", "br", "img", "use"}  # elements without an end


class Page(HTMLParser):
    """The elements of a page, and its text outside styles."""

    def __init__(self, source):
        super().__init__()
        self.tags, self.attributes, self.texts, self._open = [], [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ALONE:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if "style" not in self._open:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())

    @property
    def headings(self):
        return [int(tag[1]) for tag in self.tags if len(tag) == 2 and tag[0] == "h" and tag != "hr"]
