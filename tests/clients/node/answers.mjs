// What every script of this folder does: it takes a plan on standard input, asks, and prints one JSON object of answers.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

/** What to ask for: the `url` of a node, and what there is on its chain. */
export const plan = JSON.parse(readFileSync(0, "utf8"));

/** Loads a package from the folder named on the command line, which is not the one that this file lies in. */
export const load = createRequire(`${process.argv[2]}/`);

/** Asks one thing after the other, and prints `{group: {query: {value} | {error: {type, code, message}}}}`. */
export async function printAnswers(groups) {
  const answers = {};
  for (const [group, queries] of Object.entries(groups)) {
    answers[group] = {};
    for (const [query, ask] of Object.entries(queries)) {
      answers[group][query] = await answerOf(ask);
    }
  }
  process.stdout.write(JSON.stringify(answers));
}

async function answerOf(ask) {
  try {
    const value = await ask();
    return value === undefined ? { error: { type: "Undefined", message: "no answer" } } : { value };
  } catch (error) {
    return { error: { type: error.constructor.name, code: error.code, message: error.message } };
  }
}
