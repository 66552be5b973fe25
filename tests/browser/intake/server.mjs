// Starts the intake's demonstration on a data directory of its own.
//
// Settings come from the environment:
//   INTAKE_BIN  the server (default: target/debug/jixia-intake of the repository)
//   JIXIA_ROOT        the content it begins with (default: this repository)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * A data directory and the server on it; `restart` kills the server without a word and starts it at the same port.
 * `settings` are added to those of the site.
 */
export async function startIntake({ settings = '' } = {}) {
  const bin = process.env.INTAKE_BIN ?? join(repository, 'target/debug/jixia-intake');
  const directory = await mkdtemp(join(tmpdir(), 'jixia-intake-'));
  const content = await site(join(directory, 'site'), settings);
  let child;
  async function run(port) {
    const given = ['demo', '--json', '--one-host', '--data', join(directory, 'data'), '--content', content, '--port', String(port)];
    child = spawn(bin, given, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, JIXIA_INTAKE_LOG: 'warn' } });
    const [line] = await Promise.race([
      once(createInterface(child.stdout), 'line'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`${bin} ended with ${code}`))),
    ]);
    return JSON.parse(line);
  }
  const ready = await run(0);
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  const url = new URL(ready.url).origin;
  return {
    url,
    data: join(directory, 'data'),
    passwords: Object.fromEntries(ready.accounts.map(({ login, password }) => [login, password])),
    restart: async () => {
      await end();
      await run(new URL(url).port);
    },
    close: async () => {
      await end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

// The content to begin with, which is only written anew where settings are added.
async function site(directory, settings) {
  const content = process.env.JIXIA_ROOT ?? repository;
  if (!settings) return content;
  await mkdir(directory);
  for (const name of ['content', 'themes']) await symlink(join(content, name), join(directory, name));
  await writeFile(join(directory, 'site.toml'), `${await readFile(join(content, 'site.toml'), 'utf8')}\n${settings}\n`);
  return directory;
}
