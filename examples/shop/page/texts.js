// What the shop says. What is said about an order comes with its updates, and the rest is <bankid-login>'s.

export const texts = {
  sv: {
    cart: "Din varukorg", what: "Vara", count: "Antal", price: "Pris", total: "Att betala",
    terms: "Fri frakt. Du betalar mot faktura inom 30 dagar.",
    login: "Logga in för att beställa", aboutLogin: "Vi behöver veta vem som beställer. Logga in med ditt BankID.",
    sign: "Skriv under beställningen", aboutSign: "Appen visar vad du beställer och vad det kostar. Läs igenom det och skriv under.",
    done: "Tack för din beställning!", aboutDone: (number, name) => `Beställning nummer ${number} är underskriven av ${name}.`,
    logout: "Logga ut", otherLanguage: "In English",
    elsewhere: "Fortsätt i fönstret som BankID-appen öppnade.", again: "Beställningen gick inte igenom. Försök igen.",
    demo: "Demo", customer: "Nästa kund",
    realistic: "gör som folk gör, på tolv sekunder", userCancel: "ångrar sig i appen", certificateErr: "har ett spärrat BankID",
    startFailed: "läser aldrig av koden", phone: "är du, med låtsastelefonen",
    scan: "Läs av eller öppna", approve: "Godkänn", refuse: "Avbryt i appen", phoneRefused: "Inte nu.",
  },
  en: {
    cart: "Your cart", what: "Item", count: "Quantity", price: "Price", total: "To be paid",
    terms: "Free delivery. You pay by invoice within 30 days.",
    login: "Log in to order", aboutLogin: "We need to know who is ordering. Log in with your BankID.",
    sign: "Sign the order", aboutSign: "The app shows what you order and what it costs. Read it and sign.",
    done: "Thank you for your order!", aboutDone: (number, name) => `Order number ${number} has been signed by ${name}.`,
    logout: "Log out", otherLanguage: "På svenska",
    elsewhere: "Continue in the window that the BankID app opened.", again: "The order did not go through. Please try again.",
    demo: "Demo", customer: "The next customer",
    realistic: "does as people do, in twelve seconds", userCancel: "changes their mind in the app", certificateErr: "has a blocked BankID",
    startFailed: "never scans the code", phone: "is you, with the pretend phone",
    scan: "Scan or open", approve: "Approve", refuse: "Cancel in the app", phoneRefused: "Not now.",
  },
};
