// Serves a built portal as a web server would: compressed copies, the headers of `_headers`, lasting assets.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = {
  '.css': 'text/css; charset=utf-8', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json', '.svg': 'image/svg+xml', '.webp': 'image/webp', '.png': 'image/png', '.jpg': 'image/jpeg',
  '.mp4': 'video/mp4', '.webm': 'video/webm', '.mp3': 'audio/mpeg', '.vtt': 'text/vtt; charset=utf-8',
  '.pdf': 'application/pdf', '.txt': 'text/plain; charset=utf-8', '.xml': 'application/xml',
};

/** Rules of a `_headers` file: `[{ prefix, headers }]`. */
function rules(text) {
  const found = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('/')) found.push({ prefix: line.trim().replace(/\*$/, ''), headers: {} });
    else if (line.trim()) {
      const [name, ...value] = line.trim().split(': ');
      found.at(-1).headers[name] = value.join(': ');
    }
  }
  return found;
}

async function fileOf(root, path) {
  const file = join(root, normalize(decodeURIComponent(path)));
  const found = path.endsWith('/') ? join(file, 'index.html') : file;
  return found.startsWith(root) && (await stat(found).catch(() => null))?.isFile() ? found : null;
}

/** Serves a directory on a free port; gives its address and how to end it. */
export async function startStatic(root) {
  const known = rules(await readFile(join(root, '_headers'), 'utf8'));
  const server = createServer(async (request, response) => {
    const path = request.url.split('?')[0];
    let file = await fileOf(root, path);
    const status = file ? 200 : 404;
    file ??= join(root, '404.html');
    const headers = { 'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Accept-Ranges': 'bytes' };
    for (const rule of known) if (path.startsWith(rule.prefix)) Object.assign(headers, rule.headers);
    const { size } = await stat(file);
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
    if (range && status === 200) {
      const start = Number(range[1]), end = Math.min(size - 1, range[2] ? Number(range[2]) : size - 1);
      response.writeHead(206, { ...headers, 'Content-Range': `bytes ${start}-${end}/${size}`, 'Content-Length': end - start + 1 });
      return createReadStream(file, { start, end }).pipe(response);
    }
    const packed = /\bbr\b/.test(request.headers['accept-encoding'] ?? '') && (await stat(`${file}.br`).catch(() => null));
    if (packed) Object.assign(headers, { 'Content-Encoding': 'br', Vary: 'Accept-Encoding' });
    response.writeHead(status, { ...headers, 'Content-Length': packed ? packed.size : size });
    createReadStream(packed ? `${file}.br` : file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}
