#!/usr/bin/env node
// The command line of the package. What a command does is the native program's; here it is found and given its arguments.

import { readFileSync } from "node:fs";

const USAGE = `Usage: bankid-kit <COMMAND> [ARGUMENTS]

Commands:
  simulator   Run BankID's API on this machine, for development and tests: \`bankid-kit simulator --help\`

Options:
  -h, --help      Print this
  -V, --version   Print the package's version
`;

const REFUSED = 2;

/** Runs the simulator until it ends, and gives its exit code. */
const simulator = async (args) => {
  // The program listens for these itself, and hands them on to whoever listened before. With a listener that is libuv,
  // which takes note; without one it would be Node's own handler, which ends the process at once.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
  const { default: native } = await import("./native/index.js");
  return native.runSimulator("bankid-kit simulator", args);
};

const COMMANDS = { simulator };

/** How many letters must change to make one word of the other. */
const distance = (one, other) => {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [line, letter] of [...one].entries()) {
    const next = [line + 1];
    for (let column = 0; column < other.length; column += 1) {
      const same = other[column] === letter ? 0 : 1;
      next.push(Math.min(next[column] + 1, row[column + 1] + 1, row[column] + same));
    }
    row = next;
  }
  return row[other.length];
};

const unknown = (command) => {
  const [nearest] = Object.keys(COMMANDS).filter((name) => distance(command, name) <= name.length / 3);
  const help = nearest === undefined ? "`bankid-kit --help` lists those there are" : `did you mean \`${nearest}\`?`;
  process.stderr.write(`bankid-kit: there is no command \`${command}\`; ${help}\n`);
  return REFUSED;
};

const version = () => JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;

const main = async ([command, ...args]) => {
  switch (command) {
    case undefined:
      process.stderr.write(USAGE);
      return REFUSED;
    case "-h":
    case "--help":
    case "help":
      process.stdout.write(USAGE);
      return 0;
    case "-V":
    case "--version":
      process.stdout.write(`${version()}\n`);
      return 0;
    default:
      return Object.hasOwn(COMMANDS, command) ? COMMANDS[command](args) : unknown(command);
  }
};

process.exitCode = await main(process.argv.slice(2));
