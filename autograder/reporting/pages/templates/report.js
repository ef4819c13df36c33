"use strict";
// Tables that can be sorted and searched, a page at a time, and the details of a submission.
// All text goes into the page as text: nothing here makes markup of it.
{
  const PAGE = 20; // rows
  const CUT = "Not all messages have room in this page; they are in results.jsonl.";
  const SOME = 4; // mistakes that a row names
  const data = JSON.parse(document.getElementById("data").textContent);
  const collator = new Intl.Collator(undefined, { numeric: true });

  const element = (name, attributes = {}, ...children) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...children);
    return made;
  };
  const shown = (value) => (value === null ? "–" : String(value));
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  const literal = (word) => new RegExp(word.replace(/[^\w\s]/gu, "\\$&"));
  const whole = (words) => new RegExp(`(?<!\\w)${literal(words).source}(?!\\w)`);

  /** Nothing comes last in either direction. */
  const order = (left, right, sign) => {
    if (left === null || right === null) return (left === null) - (right === null);
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return sign * (typeof left === "number" ? left - right : collator.compare(left, right));
  };

  /** A row has values to sort by, a text to search in, and a function that returns its node. */
  class Table {
    constructor(table, rows) {
      this.table = table;
      this.body = table.tBodies[0];
      this.rows = this.chosen = rows;
      this.start = 0;
      this.heads = [...table.tHead.rows[0].cells];
      this.names = this.heads.map((head) => head.textContent);
      table.classList.add("stacked");
      this.heads.forEach((head, column) => {
        if (head.matches(".unsorted")) return;
        const button = element("button", { type: "button" }, head.textContent);
        button.addEventListener("click", () => this.sort(column));
        head.replaceChildren(button);
      });
      this.tools(table.caption.textContent);
      this.show();
      addEventListener("beforeprint", () => this.show(0, Infinity));
      addEventListener("afterprint", () => this.show());
    }

    tools(caption) {
      this.search = element("input", { type: "search", autocomplete: "off" });
      this.search.addEventListener("input", () => this.choose());
      this.status = element("output");
      this.back = element("button", { type: "button" }, "Previous");
      this.next = element("button", { type: "button" }, "Next");
      this.back.addEventListener("click", () => this.show(this.start - PAGE));
      this.next.addEventListener("click", () => this.show(this.start + PAGE));
      const label = element("label", {}, `Search “${caption}” `, this.search);
      const tools = element("div", { className: "tools screen" }, label, this.status);
      if (this.rows.length > PAGE) tools.append(this.back, this.next);
      if (this.rows.length > 5) this.table.parentElement.before(tools);
    }

    /** Every word that is searched for has to be in the row, and what is quoted as it is. */
    choose() {
      const found = folded(this.search.value).matchAll(/"([^"]*)"|\S+/g);
      const parts = [...found].map(([word, quoted]) => (quoted === undefined ? literal(word) : whole(quoted)));
      this.chosen = this.rows.filter((row) => {
        row.text ??= folded(row.values.map(shown).join(" ") + (row.more ?? ""));
        return parts.every((part) => part.test(row.text));
      });
      this.show();
    }

    sort(column) {
      const head = this.heads[column];
      const rising = head.ariaSort ? head.ariaSort !== "ascending" : !head.matches(".number");
      for (const each of this.heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const sign = rising ? 1 : -1;
      this.rows.sort((left, right) => order(left.values[column], right.values[column], sign));
      this.choose();
    }

    show(start = 0, size = PAGE) {
      this.start = start;
      const count = this.chosen.length;
      const end = Math.min(start + size, count);
      const nodes = this.chosen.slice(start, end).map((row) => row.node());
      for (const tr of nodes) {
        [...tr.cells].forEach((cell, column) => { cell.dataset.label = this.names[column]; });
      }
      this.body.replaceChildren(...nodes);
      this.status.textContent = count ? `${start + 1}–${end} of ${count}` : "Nothing found";
      this.back.disabled = start === 0;
      this.next.disabled = end === count;
    }
  }

  /** The rows that are in the page already. */
  const written = (table) => {
    const numeric = [...table.tHead.rows[0].cells].map((cell) => cell.matches(".number"));
    return [...table.tBodies[0].rows].map((tr) => ({
      values: [...tr.cells].map((cell, column) => {
        const text = cell.dataset.value ?? cell.textContent.trim();
        const number = Number.parseFloat(text);
        if (!numeric[column]) return text;
        return Number.isNaN(number) ? null : number;
      }),
      more: ` ${tr.textContent}`,
      node: () => tr,
    }));
  };

  /** A row of values, of which the first one names it. */
  const made = (values, columns, first) => {
    const tr = element("tr", {}, element("th", { scope: "row" }, first ?? element("bdi", {}, shown(values[0]))));
    values.slice(1).forEach((value, place) => {
      tr.append(element("td", { className: columns[place + 1].className }, shown(value)));
    });
    return tr;
  };

  const columnsOf = (table) => [...table.tHead.rows[0].cells];

  const groups = function* (flat, size) {
    for (let place = 0; place < flat.length; place += size) yield flat.slice(place, place + size);
  };
  const text = (number) => data.texts[number] ?? "";
  const short = (exercise) => exercise.slice(exercise.indexOf(".") + 1);

  /** The misconceptions in one of the results that many share. */
  const mistakes = new Map();
  const mistakesOf = (number) => {
    if (!mistakes.has(number)) {
      const [exercise, , failed] = data.results[number];
      const found = new Set([...groups(failed, 4)].map(([, , , diagnosis]) => diagnosis));
      const name = short(data.exercises[exercise][1]);
      mistakes.set(number, [...found].filter((each) => each >= 0)
        .map((each) => `${name}: ${data.diagnoses[each][0]}`));
    }
    return mistakes.get(number);
  };

  /** A submission with names for what its row says in numbers. */
  const submission = (row) => {
    const [student, assignment, status, score, points, final, late, reason, seconds, message, numbers] = row;
    const results = numbers.map((number) => data.results[number]);
    const [name, page] = data.students[student];
    return {
      name, page, assignment: data.assignments[assignment], status: data.statuses[status],
      score, points, final, late, reason: text(reason), seconds, message: text(message),
      results, failures: results.reduce((sum, [, , failed]) => sum + failed.length / 4, 0),
      mistakes: numbers.flatMap(mistakesOf),
    };
  };

  const plain = (number) => Math.round(100 * number) / 100;
  const fixed = (number) => (number === null ? null : number.toFixed(2));

  const submissionRow = (columns) => (row) => {
    const found = submission(row);
    const { name, score, points, final, seconds, mistakes } = found;
    const share = score === null ? null : points ? Math.floor(100 * (score / points) + 1e-9) : 100;
    const values = [
      name, found.assignment[0], score, points, share, final, found.late,
      found.status, found.failures, mistakes.join(", "), seconds,
    ];
    const some = mistakes.slice(0, SOME).join(", ");
    const more = mistakes.length > SOME ? ` and ${mistakes.length - SOME} more` : "";
    const node = () => {
      const open = element("button", { type: "button", className: "open" }, element("bdi", {}, name));
      open.addEventListener("click", () => showStudent(found));
      const cells = values.with(2, fixed(score)).with(5, fixed(final)).with(9, some + more);
      return made(cells.with(10, fixed(seconds)), columns, open);
    };
    return { values, node };
  };

  const dialog = document.getElementById("student");

  const table = (caption, heads, rows) => {
    const head = element("tr", {}, ...heads.map((name, place) =>
      element("th", { scope: "col", className: place ? "number" : "" }, name)));
    const cells = heads.map((_, place) => ({ className: place ? "number" : "" }));
    return element("table", {}, element("caption", {}, caption), element("thead", {}, head),
      element("tbody", {}, ...rows.map((values) => made(values, cells))));
  };

  /** What became of a check, and what its student was told. */
  const failure = ([check, verdict, message, diagnosis]) => {
    const [, , title, open] = data.checks[check];
    const item = element("li", {},
      element("span", { className: "bad" }, `✗ ${data.verdicts[verdict]}: `),
      title, open ? "" : element("span", { className: "quiet" }, " (hidden)"));
    if (message >= 0) item.append(element("br"), element("bdi", {}, text(message)));
    if (diagnosis >= 0) {
      const [mutant, hint] = data.diagnoses[diagnosis];
      item.append(element("br"), element("code", {}, mutant), " ",
        element("span", { className: "hint" }, hint));
    }
    return item;
  };

  const showStudent = (found) => {
    const close = element("button", { type: "button" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const score = found.score === null
      ? `${found.status}: ${found.message}`
      : `${plain(found.score)} of ${found.points} points` +
        (found.final === null ? "" : `, final score ${plain(found.final)}`) +
        (found.reason ? `: ${found.reason}` : "");
    const name = element("h2", { id: "student-name" }, element("bdi", {}, found.name));
    const parts = [
      element("div", {}, name, close),
      element("p", {}, `${found.assignment[1] || found.assignment[0]}: ${score}`),
    ];
    if (found.page) {
      const href = found.page.split("/").map(encodeURIComponent).join("/");
      parts.push(element("p", {}, element("a", { href }, "Feedback for this student")));
    }
    const rows = found.results.map(([exercise, earned]) => {
      const [, name, points] = data.exercises[exercise];
      return [name, earned, points];
    });
    if (rows.length) parts.push(table("Exercises", ["Exercise", "Score", "Points"], rows));
    for (const [exercise, , failed] of found.results) {
      if (!failed.length) continue;
      parts.push(element("h3", {}, data.exercises[exercise][1]),
        element("ul", {}, ...[...groups(failed, 4)].map(failure)));
    }
    if (data.cut) parts.push(element("p", { className: "quiet" }, CUT));
    dialog.replaceChildren(...parts);
    dialog.showModal();
    dialog.scrollTop = 0;
  };

  const rowsOf = (table) => {
    const columns = columnsOf(table);
    if (table.matches(".submissions")) return data.submissions.map(submissionRow(columns));
    if (table.matches(".changes")) {
      return data.changes.map((values) => ({ values, node: () => made(values, columns) }));
    }
    return written(table);
  };

  const tables = new Map();
  for (const each of document.querySelectorAll("table.sortable")) {
    tables.set(each, new Table(each, rowsOf(each)));
  }
  for (const each of document.querySelectorAll(".scriptless")) each.remove();

  for (const button of document.querySelectorAll("[data-search]")) {
    button.addEventListener("click", () => {
      const target = tables.get(document.querySelector("table.submissions"));
      target.search.value = button.dataset.search;
      target.choose();
      target.search.focus();
    });
  }

  const theme = document.getElementById("theme");
  const root = document.documentElement;
  const isDark = () =>
    (root.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const label = () => {
    theme.textContent = isDark() ? "Light theme" : "Dark theme";
  };
  theme.hidden = false;
  theme.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    label();
  });
  label();
}
