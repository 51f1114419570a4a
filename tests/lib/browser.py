#!/usr/bin/env python3
"""browser.py FILE WIDTH SCHEME [SCREENSHOT]: what headless Chromium makes of a page, as one JSON line.

SCHEME is light or dark.  Speaks the DevTools protocol over a pipe; standard library only.
"""
import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile

PROBE = """(() => {
    const wide = [...document.querySelectorAll('body *')].filter(e => {
        for (let p = e.parentElement; p; p = p.parentElement)
            if (getComputedStyle(p).overflowX === 'auto' || p.tagName === 'svg') return false;
        const box = e.getBoundingClientRect();
        return box.width > 0 && box.right > document.documentElement.clientWidth + 0.5;
    }).map(e => e.tagName + '.' + e.className);
    const svgs = [...document.querySelectorAll('svg')].filter(e => e.getBoundingClientRect().width > 0);
    return {
        scroll_width: document.documentElement.scrollWidth, client_width: document.documentElement.clientWidth,
        too_wide: wide, plots: svgs.length,
        letters_px: Math.min(...svgs.flatMap(s => [...s.querySelectorAll('text')].map(t => t.getBoundingClientRect().height))),
        unlabelled: svgs.filter(s => !s.closest('[role=img][aria-label]')).length,
        background: getComputedStyle(document.body).backgroundColor, color: getComputedStyle(document.body).color,
        headlines: [...document.querySelectorAll('[data-key]')].map(e => [e.dataset.key, e.dataset.value, e.textContent]),
    };
})()"""


class Browser:
    def __init__(self, profile):
        to_read, self.to = os.pipe()
        self.back, from_write = os.pipe()
        # Chromium expects them as 3 and 4, which may be taken here: the shell moves them there.
        os.dup2(to_read, 103)
        os.dup2(from_write, 104)
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec "$@" 3<&103 4>&104', "-", shutil.which("chromium") or "chromium", "--headless",
             "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync",
             "--disable-dev-shm-usage", "--disable-component-update", "--user-data-dir=" + profile,
             "--remote-debugging-pipe", "about:blank"],
            pass_fds=(103, 104), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for fd in (to_read, from_write, 103, 104):
            os.close(fd)
        self.number, self.buffer, self.events = 0, b"", []

    def read(self):
        while b"\0" not in self.buffer:
            piece = os.read(self.back, 1 << 16)
            if not piece:
                sys.exit("browser.py: chromium went away")
            self.buffer += piece
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.read()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"browser.py: {method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while not any(e.get("method") == method for e in self.events):
            self.events.append(self.read())


def look(browser, url, width, scheme, screenshot):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Log", "Runtime"):
        browser.call(domain + ".enable", session)
    browser.call("Emulation.setDeviceMetricsOverride", session, width=width, height=900, deviceScaleFactor=1,
                 mobile=width < 600)
    browser.call("Emulation.setEmulatedMedia", session, features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.events.clear()
    browser.call("Page.navigate", session, url=url)
    browser.wait("Page.loadEventFired")
    found = browser.call("Runtime.evaluate", session, expression=PROBE, returnByValue=True)["result"]["value"]
    if screenshot:
        picture = browser.call("Page.captureScreenshot", session, captureBeyondViewport=True)["data"]
        with open(screenshot, "wb") as f:
            f.write(base64.b64decode(picture))
    events = [(e.get("method"), e.get("params", {})) for e in browser.events]
    urls = [p["request"]["url"] for m, p in events if m == "Network.requestWillBeSent"]
    found["requests"] = [u for u in urls if u != url and not u.startswith("data:")]
    found["console"] = [json.dumps(p)[:300] for m, p in events
                        if m in ("Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown")]
    return found


def main():
    file, width, scheme = sys.argv[1:4]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            found = look(browser, "file://" + os.path.abspath(file), int(width), scheme,
                         sys.argv[4] if len(sys.argv) > 4 else None)
            browser.call("Browser.close")
        finally:
            browser.process.wait(10)
    print(json.dumps(found))


main()
