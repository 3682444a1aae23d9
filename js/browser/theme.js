// The looks of the elements: plain, and to be changed by custom properties and parts. The code itself stays dark on light
// whatever the theme, since scanners expect that (protocol 7.3).

export const QR_CSS = `
:host { display: inline-block; inline-size: var(--bankid-qr-size, 16rem); max-inline-size: 100%; font: inherit; }
:host([hidden]), [hidden] { display: none !important; }
svg {
  display: block; inline-size: 100%; aspect-ratio: 1; border-radius: var(--bankid-radius, 0.5rem);
  background: #fff; color-scheme: only light; forced-color-adjust: none; print-color-adjust: exact;
}
a { margin-block-start: var(--bankid-gap, 1rem); }
[role="status"] { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const BUTTON_CSS = `
button, a {
  display: grid; place-content: center; box-sizing: border-box; inline-size: 100%; min-block-size: 3rem; padding: 0.5rem 1rem;
  border: 1px solid var(--bankid-accent, #14567f); border-radius: var(--bankid-radius, 0.5rem);
  background: var(--bankid-accent, #14567f); color: var(--bankid-on-accent, #fff);
  font: inherit; font-weight: 600; text-align: center; text-wrap: balance; text-decoration: none;
  cursor: pointer;
}
:focus-visible { outline: 3px solid var(--bankid-focus, currentColor); outline-offset: 3px; }
`;

export const LOGIN_CSS = `
:host { display: block; max-inline-size: 30rem; font: inherit; color: inherit; }
:host([hidden]), [hidden] { display: none !important; }
[part="panel"] { display: grid; gap: var(--bankid-gap, 1rem); outline: none; }
p { margin: 0; }
bankid-qr { justify-self: center; }
[part="message"] { min-block-size: 3em; }
[part="failure"] { color: var(--bankid-bad, inherit); font-weight: 600; }
button.quiet { border-color: currentColor; background: transparent; color: inherit; }
`;
