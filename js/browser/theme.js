// The looks of the elements: plain, and to be changed by custom properties and parts. The code itself stays dark on light
// whatever the theme, since scanners expect that (protocol 7.3).

export const QR_CSS = `
:host { display: inline-block; inline-size: var(--bankid-qr-size, 16rem); max-inline-size: 100%; font: inherit; }
:host([hidden]), [hidden] { display: none !important; }
svg {
  display: block; inline-size: 100%; aspect-ratio: 1; border-radius: var(--bankid-radius, 0.5rem);
  background: #fff; color-scheme: only light; forced-color-adjust: none; print-color-adjust: exact;
}
svg[aria-hidden] { background: #8882; }
a { margin-block-start: var(--bankid-gap, 1rem); }
[role="status"] { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

// The accent stands out from light and from dark, and white from it.
export const BUTTON_CSS = `
button, a {
  display: grid; place-content: center; box-sizing: border-box; inline-size: 100%; min-block-size: 3rem; padding: 0.5rem 1rem;
  border: 1px solid var(--bankid-accent, #1a6aa3); border-radius: var(--bankid-radius, 0.5rem);
  background: var(--bankid-accent, #1a6aa3); color: var(--bankid-on-accent, #fff);
  font: inherit; font-weight: 600; text-align: center; text-wrap: balance; text-decoration: none;
  cursor: pointer;
}
button:hover, a:hover { text-decoration: underline; text-underline-offset: 0.2em; }
:focus-visible { outline: 3px solid var(--bankid-focus, currentColor); outline-offset: 3px; }
`;

export const LOGIN_CSS = `
:host { display: block; max-inline-size: 30rem; font: inherit; color: inherit; }
:host([hidden]), [hidden] { display: none !important; }
[part="panel"] { display: grid; gap: var(--bankid-gap, 1rem); outline: none; }
p { margin: 0; }
p:empty { position: absolute; }
bankid-qr { justify-self: center; }
[part="message"] { text-align: center; }
[part="failure"]:not(:empty) { padding-inline-start: 0.75rem; border-inline-start: 0.25rem solid var(--bankid-bad, #c8321f); font-weight: 600; }
[part="progress"] {
  justify-self: center; inline-size: 2rem; aspect-ratio: 1; margin-block-end: var(--bankid-gap, 1rem);
  border: 0.25rem solid #8884; border-block-start-color: var(--bankid-accent, #1a6aa3); border-radius: 50%;
  animation: turn 1s linear infinite;
}
@keyframes turn { to { rotate: 1turn; } }
@media (prefers-reduced-motion: reduce) { [part="progress"] { animation-duration: 4s; } }
.quiet { border-color: currentColor; border-color: color-mix(in srgb, currentColor 55%, transparent); background: transparent; color: inherit; }
.quietest { border-color: transparent; background: transparent; color: inherit; text-decoration: underline; text-underline-offset: 0.2em; }
`;
