// Runs the tests of this directory against one portal: starts it, hands its address on, stops it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startPortal } from './harness.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const files = (await readdir(here)).filter((name) => name.endsWith('.test.mjs')).sort();
const portal = await startPortal();
try {
  const tests = spawn(process.execPath, ['--test', '--test-reporter=spec', ...files], {
    cwd: here,
    stdio: 'inherit',
    env: { ...process.env, JIXIA_URL: portal.url },
  });
  const [code] = await once(tests, 'exit');
  process.exitCode = code ?? 1;
} finally {
  await portal.close();
}
