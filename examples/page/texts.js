// What the page says by itself. What is said about an order comes from the backend, and the rest is <bankid-login>'s.

export const texts = {
  sv: {
    login: "Logga in med BankID",
    sign: "Skriv under med BankID",
    signed: "Du har skrivit under",
    logout: "Logga ut",
    elsewhere: "Fortsätt i fönstret som BankID-appen öppnade.",
    otherLanguage: "In English",
  },
  en: {
    login: "Log in with BankID",
    sign: "Sign with BankID",
    signed: "You have signed",
    logout: "Log out",
    elsewhere: "Continue in the window that the BankID app opened.",
    otherLanguage: "På svenska",
  },
};
