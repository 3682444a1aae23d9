// What the page says by itself. What is said about an order comes from the backend.

export const texts = {
  sv: {
    login: "Logga in med BankID",
    sign: "Skriv under med BankID",
    question: "Vill du använda BankID på den här enheten eller på en annan enhet?",
    thisDevice: "BankID på den här enheten",
    otherDevice: "Mobilt BankID på en annan enhet",
    qr: "QR-kod att läsa av med BankID-appen",
    connecting: "Ett ögonblick.",
    open: "Öppna BankID-appen",
    cancel: "Avbryt",
    retry: "Försök igen",
    signed: "Du har skrivit under",
    logout: "Logga ut",
    elsewhere: "Fortsätt i fönstret som BankID-appen öppnade.",
    broken: "Något gick fel. Försök igen.",
    otherLanguage: "In English",
  },
  en: {
    login: "Log in with BankID",
    sign: "Sign with BankID",
    question: "Do you want to use BankID on this device or another device?",
    thisDevice: "BankID on this device",
    otherDevice: "Mobile BankID on another device",
    qr: "QR code to scan with the BankID app",
    connecting: "One moment.",
    open: "Open the BankID app",
    cancel: "Cancel",
    retry: "Try again",
    signed: "You have signed",
    logout: "Log out",
    elsewhere: "Continue in the window that the BankID app opened.",
    broken: "Something went wrong. Please try again.",
    otherLanguage: "På svenska",
  },
};

/** A text in each language, as the backend's messages are. */
export const inBoth = (name) => ({ sv: texts.sv[name], en: texts.en[name] });
