// A page without a framework, as it is bundled.

import "bankid-kit/browser";

const login = document.querySelector("bankid-login");
login.addEventListener("complete", () => login.replaceWith("Välkommen."));
