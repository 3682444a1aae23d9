// Runs in Node and in the page alike: how long each takes to draw a text, in turns, so that what else the machine does falls on all.

const WARM_MS = 100;
const ROUND_MS = 15;

/** By name, the microseconds for one text in each round, by a clock of milliseconds. */
export const measure = (draws, texts, rounds, clock = () => performance.now()) => {
  /** For so many texts. What is drawn is looked at, so that nothing can be left out. */
  const timed = (draw, count) => {
    const start = clock();
    let length = 0;
    for (let at = 0; at < count; at += 1) length += draw(texts[at % texts.length]).length;
    const ms = clock() - start;
    if (!(length > 0)) throw new Error("nothing was drawn");
    return ms;
  };
  const contestants = Object.entries(draws).map(([name, draw]) => ({ name, draw, count: warmed((count) => timed(draw, count)) }));
  const times = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, draw, count } of contestants) times[name].push((timed(draw, count) * 1000) / count);
  }
  return times;
};

/** Draws for a while, for the compiler; answers how many texts take about a round's time. */
const warmed = (timed) => {
  let [ms, count] = [0, 1];
  for (let spent = 0; spent < WARM_MS || ms < ROUND_MS / 2; spent += ms) {
    if (ms < ROUND_MS / 2) count *= 2;
    ms = timed(count);
  }
  return Math.max(1, Math.round((count * ROUND_MS) / ms));
};
