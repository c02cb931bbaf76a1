// What every check is given: the gateway, a key of it, a model that answers, and vendors of the same dialect that don't.
import assert from 'node:assert/strict';

export const [gateway, key, good, bad] = process.argv.slice(2);
export const isSimulated = good === 'simulated';

/** Must fail, and in the client's own way: with its own class, and what it says of it. */
export async function rejects(asking, type, is = () => true) {
  let answer;
  try {
    answer = await asking;
  } catch (e) {
    assert.ok(e instanceof type, `not a ${type.name}: ${e?.constructor?.name} ${e?.status} ${e?.message}\n${e?.stack}`);
    assert.ok(is(e), `${e.constructor.name} ${e.status ?? e.statusCode} ${e.message} ${JSON.stringify(e.headers ? Object.fromEntries(e.headers.entries?.() ?? Object.entries(e.headers)) : null)}`);
    return;
  }

  assert.fail(`Looks whole: ${JSON.stringify(answer)}\n${new Error().stack}`);
}
