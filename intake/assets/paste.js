// From HTML on the clipboard to Markdown: what Word, WPS and web pages copy. A function of a text, without the page.
//
// Own and small: the libraries that do this keep markup that the portal does not show, and know nothing of Word's lists
// or of Chinese, where emphasis that ends in punctuation must end before it.
(() => {
  'use strict';
  const skipped = new Set(['SCRIPT', 'STYLE', 'HEAD', 'TITLE', 'META', 'LINK', 'TEMPLATE', 'OBJECT', 'SVG', 'XML', 'IFRAME']);
  const blocks = new Set([
    'ADDRESS', 'ARTICLE', 'ASIDE', 'BLOCKQUOTE', 'BODY', 'CENTER', 'DD', 'DIV', 'DL', 'DT', 'FIGCAPTION', 'FIGURE', 'FOOTER',
    'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'HEADER', 'HR', 'LI', 'MAIN', 'NAV', 'OL', 'P', 'PRE', 'SECTION', 'TABLE', 'UL',
  ]);
  const wide = '\\u2e80-\\u9fff\\uf900-\\ufaff\\uff00-\\uffef\\u3000-\\u303f';
  const edge = /^([\s\p{P}\p{S}]*)(.*?)([\s\p{P}\p{S}]*)$/su;

  const styleOf = (element) => (element.getAttribute('style') ?? '').toLowerCase().replace(/\s+/g, ' ');
  const isHidden = (style) => /display: ?none|mso-hide: ?all|mso-list: ?ignore/.test(style);

  function marksOf(element, marks) {
    const style = styleOf(element);
    const name = element.tagName;
    const next = { ...marks };
    if (name === 'B' || name === 'STRONG') next.bold = true;
    if (name === 'I' || name === 'EM') next.italic = true;
    if (name === 'S' || name === 'DEL' || name === 'STRIKE') next.struck = true;
    if (name === 'CODE' || name === 'KBD' || name === 'SAMP' || name === 'TT') next.code = true;
    const weight = /font-weight: ?(\w+)/.exec(style)?.[1];
    if (weight) next.bold = weight === 'bold' || weight === 'bolder' || Number(weight) >= 600;
    const slant = /font-style: ?(\w+)/.exec(style)?.[1];
    if (slant) next.italic = slant === 'italic' || slant === 'oblique';
    if (name === 'A') {
      const address = (element.getAttribute('href') ?? '').trim();
      if (/^(https?:|mailto:)/i.test(address)) next.link = address;
    }
    return next;
  }

  // Text with its marks, in pieces; neighbours with the same marks become one, for Word cuts words into many.
  function runsOf(node, marks, runs) {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) {
        add(runs, child.data.replace(/[\s\u00a0]+/g, ' '), marks);
      } else if (child.nodeType === 1 && !skipped.has(child.tagName.toUpperCase()) && !isHidden(styleOf(child))) {
        if (child.tagName === 'BR') add(runs, '\n', {});
        else if (child.tagName === 'IMG') add(runs, '', { ...marks, image: child });
        else runsOf(child, marksOf(child, marks), runs);
      }
    }
    return runs;
  }

  function add(runs, text, marks) {
    const last = runs.at(-1);
    const same = last && ['bold', 'italic', 'struck', 'code', 'link'].every((mark) => (last[mark] ?? false) === (marks[mark] ?? false));
    if (same && !marks.image && !last.image) last.text += text;
    else runs.push({ ...marks, text });
  }

  const escaped = (text) => text.replace(/[\\`*_[\]<$~]/g, '\\$&').replace(/&(?=#?\w+;)/g, '\\&');

  function written(run, images) {
    if (run.image) return images(run.image);
    if (run.code && run.text.trim()) {
      const ticks = run.text.includes('`') ? '``' : '`';
      return `${ticks}${run.text.trim()}${ticks}`;
    }
    // Marks hold only beside letters: punctuation at either end stands outside.
    const [, before, inner, after] = edge.exec(run.text);
    if (!inner) return escaped(run.text);
    let mark = (run.bold ? '**' : '') + (run.italic ? '*' : '');
    if (run.struck) mark += '~~';
    const back = [...mark].reverse().join('');
    if (run.link) {
      const address = run.link.replace(/[\s()<>]/g, encodeURIComponent);
      return `${mark}[${escaped(run.text.trim())}](${address})${back}`;
    }
    return mark ? `${escaped(before)}${mark}${escaped(inner)}${back}${escaped(after)}` : escaped(run.text);
  }

  function inline(nodes, images) {
    const runs = [];
    for (const node of nodes) runsOf({ childNodes: [node] }, {}, runs);
    const text = runs.map((run) => written(run, images)).join('');
    const joined = text.replace(new RegExp(`([${wide}]) (?=[${wide}])`, 'g'), '$1');
    const lines = joined.split('\n').map((line) => line.replace(/ {2,}/g, ' ').trim());
    return lines
      .join('\n')
      .replace(/^\n+|\n+$/g, '')
      .replace(/^(#{1,6}(?= )|[-+](?= )|>)/gm, '\\$1')
      .replace(/^(\d+)([.)])(?= )/gm, '$1\\$2')
      .replace(/\n{2,}/g, '\n\n')
      .replace(/([^\n])\n(?!\n)/g, '$1  \n');
  }

  const isBlock = (node) => node.nodeType === 1 && blocks.has(node.tagName);
  const holdsBlock = (node) => node.nodeType === 1 && (isBlock(node) || [...node.childNodes].some(holdsBlock));
  const indent = (text, by) => text.replace(/\n(?=[^\n])/g, `\n${' '.repeat(by)}`);

  // A paragraph that Word shows as part of a list: its depth, and whether it is numbered.
  function wordList(element) {
    const depth = /mso-list: ?l\d+ level(\d+)/.exec(styleOf(element));
    if (!depth) return null;
    const hidden = [...element.querySelectorAll('[style]')].find((inner) => /mso-list: ?ignore/.test(styleOf(inner)));
    const marker = (hidden?.textContent ?? '').trim();
    return { depth: Number(depth[1]), isNumbered: /^[（(]?([0-9]+|[a-z]|[ivx]+|[一二三四五六七八九十]+)[.)、．）]/i.test(marker) };
  }

  // A part of the result: its Markdown, and whether it goes on the part before without a blank line.
  function blocksOf(nodes, images) {
    const parts = [];
    let loose = [];
    const flush = () => {
      const text = inline(loose, images);
      if (text) parts.push({ text });
      loose = [];
    };
    for (const node of nodes) {
      if (node.nodeType === 1 && (skipped.has(node.tagName.toUpperCase()) || isHidden(styleOf(node)))) continue;
      if (!holdsBlock(node)) {
        if (node.nodeType === 1 || node.nodeType === 3) loose.push(node);
        continue;
      }
      flush();
      parts.push(...block(node, images));
    }
    flush();
    return parts;
  }

  function block(element, images) {
    const name = element.tagName;
    const single = (text) => (text ? [{ text }] : []);
    const level = /^H([1-6])$/.exec(name)?.[1] ?? /MsoHeading([1-6])/.exec(element.className)?.[1];
    if (level || /MsoTitle/.test(element.className)) {
      // The title of the page is the one heading of the first level.
      const text = inline(element.childNodes, images).replace(/\s*\n\s*/g, ' ').replace(/^\*\*(.*)\*\*$/, '$1');
      return single(text && `${'#'.repeat(Math.max(2, Number(level ?? 2)))} ${text}`);
    }
    if (name === 'HR') return [{ text: '---' }];
    if (name === 'PRE') {
      const text = element.textContent.replace(/\n+$/, '');
      const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
      return single(text.trim() && `${fence}\n${text}\n${fence}`);
    }
    if (name === 'UL' || name === 'OL') return single(list(element, images));
    if (name === 'TABLE') return table(element, images);
    if (name === 'BLOCKQUOTE') return single(join(blocksOf(element.childNodes, images)).replace(/^/gm, '> ').replace(/^> $/gm, '>'));
    const item = name === 'P' || name === 'DIV' ? wordList(element) : null;
    if (item) {
      const text = inline(element.childNodes, images);
      const marker = item.isNumbered ? '1. ' : '- ';
      return text ? [{ text: `${'   '.repeat(item.depth - 1)}${marker}${indent(text, marker.length)}`, isItem: true }] : [];
    }
    return blocksOf(element.childNodes, images);
  }

  function list(element, images) {
    const marker = element.tagName === 'OL' ? '1. ' : '- ';
    const items = [];
    for (const child of element.children) {
      // Word puts lists within lists beside their items.
      if (child.tagName === 'UL' || child.tagName === 'OL') {
        const inner = list(child, images);
        const last = items.pop() ?? marker.trim();
        items.push(inner ? `${last}\n${inner.replace(/^(?=.)/gm, ' '.repeat(marker.length))}` : last);
        continue;
      }
      const parts = blocksOf(child.childNodes, images);
      // A list right behind a line belongs to it; other blocks stand apart.
      const text = parts.reduce((all, part) => {
        const isList = /^(- |1\. )/.test(part.text);
        return all ? `${all}${isList ? '\n' : '\n\n'}${part.text}` : part.text;
      }, '');
      if (text) items.push(marker + indent(text, marker.length));
    }
    return items.join('\n');
  }

  function table(element, images) {
    const rows = [...element.rows].filter((row) => row.closest('table') === element);
    // A frame around a text is no table.
    if (rows.length === 1 && rows[0].cells.length === 1) return blocksOf(rows[0].cells[0].childNodes, images);
    const grid = [];
    rows.forEach((row, at) => {
      grid[at] ??= [];
      let column = 0;
      for (const cell of row.cells) {
        while (grid[at][column] !== undefined) column += 1;
        const parts = blocksOf(cell.childNodes, images).map((part) => part.text);
        const text = parts.join(' ').replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
        const across = Math.min(cell.colSpan, 50);
        const down = Math.min(cell.rowSpan, rows.length - at);
        for (let below = 0; below < down; below += 1) {
          grid[at + below] ??= [];
          for (let beside = 0; beside < across; beside += 1) grid[at + below][column + beside] = below + beside ? '' : text;
        }
        column += across;
      }
    });
    const width = Math.max(0, ...grid.map((row) => row.length));
    if (!width || grid.every((row) => row.every((cell) => !cell))) return [];
    const line = (row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? '').join(' | ')} |`;
    const [head, ...rest] = grid;
    return [{ text: [line(head), line(Array(width).fill('---')), ...rest.map(line)].join('\n') }];
  }

  function join(parts) {
    return parts.reduce((all, part, at) => all + (at ? (part.isItem && parts[at - 1].isItem ? '\n' : '\n\n') : '') + part.text, '');
  }

  // Markdown of HTML. `image` gives the Markdown of an image by its address and the words in its place.
  globalThis.jixiaToMarkdown = (html, image = () => '') => {
    const page = new DOMParser().parseFromString(html, 'text/html');
    const images = (element) => image(element.getAttribute('src') ?? '', element.getAttribute('alt') ?? '');
    return join(blocksOf([page.body], images)).trim();
  };
})();
