// What is printed: Markdown tables, and a verdict for each target; and how rounds become one figure.

/** The middle value; of an even number, the mean of the middle two. */
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length / 2)] + sorted[Math.floor((sorted.length - 1) / 2)]) / 2;
};

/** The median of `ours / theirs` over rounds that ran beside each other. */
export const pairedRatio = (ours, theirs) => median(ours.map((value, at) => value / theirs[at]));

/** Prints a table with aligned columns; names read from the left, figures from the right. */
export const printTable = (head, rows) => {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (cells) => console.log(`| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join(" | ")} |`);
  line(head);
  console.log(`|${widths.map((width, at) => (at === 0 ? `${"-".repeat(width + 1)} ` : ` ${"-".repeat(width)}:`)).join("|")}|`);
  rows.forEach(line);
  console.log();
};

/** Prints every figure that has a target: `{ what, measured, atMost }`. */
export const printVerdicts = (verdicts) =>
  printTable(
    ["target", "measured", "goal", "verdict"],
    verdicts.map(({ what, measured, atMost }) => [what, measured.toFixed(2), `at most ${atMost.toFixed(2)}`, measured <= atMost ? "met" : "not met"]),
  );
