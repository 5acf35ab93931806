/* The station's screen in a browser: keys go out, the picture comes in. Nothing is loaded from elsewhere, no link
   is followed, nothing is kept. Written for browsers as old as Chromium 109, the last one Windows 7 has. */
"use strict";
(function () {
  const WANTED = { cols: 80, rows: 24 };
  const FONT = "Consolas, 'DejaVu Sans Mono', 'Courier New', 'Downtime Sans SC', monospace";
  const FONT_PIXELS = { usual: 18, least: 9 };
  const AGAIN_MS = 4000;
  /* A browser keeps these for itself in a tab: new window, new tab, close. Alt stands in for Ctrl. */
  const KEPT_BY_BROWSERS = { n: "\x0e", t: "\x14", w: "\x17" };
  const TRIES_ALONE = { lost: true, busy: true, held: true, slow: true };

  const words = JSON.parse(document.body.dataset.words);
  const place = document.getElementById("screen");
  const notice = document.getElementById("notice");
  const noticeWords = document.getElementById("notice-words");
  const noticePaper = document.getElementById("notice-paper");
  const again = document.getElementById("notice-again");
  let terminal, fit, socket, waiting, reason;

  function say(what) {
    noticeWords.textContent = words[what];
    noticePaper.textContent = what === "lost" ? words.paper : "";
    again.textContent = words.again;
    again.hidden = what === "opening" || what in TRIES_ALONE;
    notice.className = "";
    if (!again.hidden) { again.focus(); }
  }

  function send(message) {
    if (socket && socket.readyState === WebSocket.OPEN) { socket.send(JSON.stringify(message)); }
  }

  /* As large as usual, or smaller until 80 x 24 cells fit. */
  function fill() {
    let size = FONT_PIXELS.usual;
    for (; size >= FONT_PIXELS.least; size -= 1) {
      if (terminal.options.fontSize !== size) { terminal.options.fontSize = size; }
      const room = fit.proposeDimensions();
      if (room && room.cols >= WANTED.cols && room.rows >= WANTED.rows) { break; }
    }
    const room = fit.proposeDimensions();
    if (room && room.cols && room.rows) { terminal.resize(room.cols, room.rows); }
  }

  function onKey(event) {
    if (event.type !== "keydown") { return true; }
    if (event.ctrlKey && event.key === "c" && terminal.hasSelection()) { return false; }
    const kept = KEPT_BY_BROWSERS[event.key];
    if (kept && event.altKey && !event.ctrlKey) {
      event.preventDefault();
      send(["keys", kept]);
      return false;
    }
    return true;
  }

  function connect() {
    clearTimeout(waiting);
    say("opening");
    reason = "lost";
    terminal.reset();
    const scheme = location.protocol === "https:" ? "wss://" : "ws://";
    const size = "?columns=" + terminal.cols + "&rows=" + terminal.rows;
    socket = new WebSocket(scheme + location.host + document.body.dataset.socket + size);
    socket.binaryType = "arraybuffer";
    socket.onopen = function () { send(["size", terminal.cols, terminal.rows]); };
    socket.onmessage = function (event) {
      if (typeof event.data === "string") { reason = JSON.parse(event.data)[1]; return; }
      notice.className = "-none";
      terminal.write(new Uint8Array(event.data));
      if (document.activeElement !== terminal.textarea) { terminal.focus(); }
    };
    socket.onclose = function () {
      socket = null;
      say(reason in words ? reason : "lost");
      if (reason in TRIES_ALONE) { waiting = setTimeout(connect, AGAIN_MS); }
    };
  }

  function begin() {
    terminal = new Terminal({
      cols: WANTED.cols, rows: WANTED.rows, scrollback: 0, fontFamily: FONT, fontSize: FONT_PIXELS.usual,
      theme: { background: "#10171c", foreground: "#e8eef2" },
      linkHandler: { activate: function () {}, allowNonHttpProtocols: false },
    });
    fit = new FitAddon.FitAddon();
    terminal.loadAddon(fit);
    terminal.attachCustomKeyEventHandler(onKey);
    terminal.onData(function (keys) { send(["keys", keys]); });
    terminal.onBinary(function (keys) { send(["keys", keys]); });
    terminal.onResize(function (size) { send(["size", size.cols, size.rows]); });
    terminal.open(place);
    fill();
    window.addEventListener("resize", fill);
    window.addEventListener("focus", function () { if (notice.className === "-none") { terminal.focus(); } });
    window.addEventListener("beforeunload", function (event) {
      if (socket && notice.className === "-none") { event.preventDefault(); event.returnValue = ""; }
    });
    again.addEventListener("click", connect);
    connect();
  }

  document.fonts.load("18px 'Downtime Sans SC'", "\u6536").then(begin, begin);
})();
