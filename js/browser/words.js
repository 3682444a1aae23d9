// What the elements say by themselves. What is said about an order comes with its updates.

export const WORDS = {
  sv: {
    code: "QR-kod att läsa av med BankID-appen",
    shown: "En QR-kod visas. Läs av den med BankID-appen.",
    over: "QR-koden visas inte längre.",
    open: "Öppna BankID-appen",
    openOtherwise: "Händer ingenting? Öppna appen på ett annat sätt",
    computer: "Vill du använda BankID på den här datorn eller ett Mobilt BankID?",
    mobile: "Vill du använda BankID på den här enheten eller på en annan enhet?",
    autostart: "BankID på den här enheten",
    qr: "Mobilt BankID på en annan enhet",
    autostartInstead: "Använd BankID på den här enheten i stället",
    qrInstead: "Läs av en QR-kod i stället",
    connecting: "Ett ögonblick.",
    cancel: "Avbryt",
    retry: "Försök igen",
    broken: "Något gick fel. Försök igen.",
    done: "Klart.",
  },
  en: {
    code: "QR code to scan with the BankID app",
    shown: "A QR code is shown. Scan it with the BankID app.",
    over: "The QR code is no longer shown.",
    open: "Open the BankID app",
    openOtherwise: "Nothing happens? Open the app in another way",
    computer: "Would you like to use BankID on this computer, or a Mobile BankID?",
    mobile: "Do you want to use BankID on this device or another device?",
    autostart: "BankID on this device",
    qr: "Mobile BankID on another device",
    autostartInstead: "Use BankID on this device instead",
    qrInstead: "Scan a QR code instead",
    connecting: "One moment.",
    cancel: "Cancel",
    retry: "Try again",
    broken: "Something went wrong. Please try again.",
    done: "Done.",
  },
};

/** A message that is text, or text by language. */
export const inLanguage = (message, language) => (typeof message === "object" ? message?.[language] : message);
