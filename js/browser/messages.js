// The recommended messages for users, RFA1 to RFA30, and which one is due when (protocol section 9). The same texts and rules as
// bankid-core's, and held to the same vectors. A backend that sends its messages along needs none of this in the page.

/** Name: Swedish, English. */
const TEXTS = {
  RFA1: ["Starta BankID-appen.", "Start your BankID app."],
  RFA2: [
    "Du verkar inte ha BankID-appen. Installera den och skaffa ett BankID.",
    "You don't seem to have the BankID app. Install the app and get a BankID.",
  ],
  RFA3: ["Åtgärden avbröts. Försök igen.", "The action was cancelled. Please try again."],
  RFA4: [
    "En identifiering eller underskrift pågår redan för ditt personnummer. Försök igen.",
    "An identification or signature is already in progress for your personal identity number. Please try again.",
  ],
  RFA5: ["Något gick fel. Försök igen.", "Something went wrong. Please try again."],
  RFA6: ["Åtgärden avbröts.", "The action was cancelled."],
  RFA8: [
    "BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.",
    "The BankID app is not responding. Please check that it’s started and that you have internet access. Try again.",
  ],
  RFA9: [
    "Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.",
    "Enter your security code in the BankID app and select Identify or Sign.",
  ],
  RFA13: ["Försöker starta BankID-appen.", "Trying to start your BankID app."],
  RFA15A: [
    "Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här datorn. Om du har ett BankID på kort, sätt in kortet i kortläsaren.",
    "Searching for BankID. Make sure you have a valid BankID on this computer. If you have a BankID on card, please insert the card into your card reader.",
  ],
  RFA15B: [
    "Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här enheten.",
    "Searching for BankID. Make sure you have a valid BankID on this device.",
  ],
  RFA16: [
    "Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.",
    "Your BankID is blocked or too old. Please use another BankID or get a new one from your bank.",
  ],
  RFA17A: [
    "Du verkar inte ha BankID-appen/programmet. Installera den och skaffa ett BankID hos din bank.",
    "You don't seem to have the BankID app/program. Please install it and get a BankID from your bank.",
  ],
  RFA17B: [
    "Misslyckades att läsa av QR-koden. Starta BankID-appen och läs av QR-koden.",
    "Failed to scan the QR code. Start the BankID app and scan the QR code.",
  ],
  RFA19: [
    "Vill du använda BankID på den här datorn eller ett Mobilt BankID?",
    "Would you like to use BankID on this computer, or a Mobile BankID?",
  ],
  RFA20: [
    "Vill du använda BankID på den här enheten eller på en annan enhet?",
    "Do you want to use BankID on this device or another device?",
  ],
  RFA21: ["En identifiering eller underskrift pågår.", "An identification or signing is in progress."],
  RFA22: ["Något gick fel. Försök igen.", "Something went wrong. Please try again."],
  RFA23: [
    "Fotografera och läs av din ID-handling med BankID-appen.",
    "Take a photo of, and scan, your ID document with the BankID app.",
  ],
  RFA24: ["Gör en ansiktsigenkänning i BankID-appen.", "Go through facial recognition in the BankID app."],
  RFA25: [
    "Välj hur du vill bekräfta din identitet i BankID-appen.",
    "Choose how to confirm your identity in the BankID app.",
  ],
  RFA26: [
    "Kontrollen av din ID-handling misslyckades. Försök igen.",
    "Your ID document could not be verified. Please try again.",
  ],
  RFA27: ["Ansiktsigenkänningen misslyckades. Försök igen.", "Facial recognition failed. Please try again."],
  RFA28: [
    "Din enhet saknar den läsare som behövs för att kontrollera ID-handlingar.",
    "Your device lacks the reader that is needed to verify ID documents.",
  ],
  RFA29: [
    "Du har flera BankID på din enhet. Du behöver radera alla utom ett BankID för att kunna slutföra identifieringen. Det gör du under Meny - Inställningar i din BankID-app.",
    "You have more than one BankID on your device. Delete all but one of them to complete the identification. You do this under Menu - Settings in your BankID app.",
  ],
  RFA30: [
    "Bekräftelsen av din identitet misslyckades. Försök igen.",
    "Your identity could not be confirmed. Please try again.",
  ],
};

/** From here on the official English text is not known, and ours stands in (9.2). */
const FIRST_OWN_ENGLISH = 24;

const LANGUAGES = ["sv", "en"];

export const message = (id, language = "sv") => {
  if (!Object.hasOwn(TEXTS, id)) throw new RangeError(`there is no message ${id}`);
  const place = LANGUAGES.indexOf(language);
  if (place < 0) throw new RangeError(`language must be one of ${LANGUAGES.join(", ")}`);
  return { id, text: TEXTS[id][place], official: language === "sv" || parseInt(id.slice(3), 10) < FIRST_OWN_ENGLISH };
};

const PENDING = {
  outstandingTransaction: ({ startMode }) => (startMode === "autostart" ? "RFA13" : "RFA1"),
  noClient: () => "RFA1",
  started: ({ device }) => (device === "mobile" ? "RFA15B" : "RFA15A"),
  userMrtd: () => "RFA23",
  userSign: () => "RFA9",
  userStepUp: () => "RFA25",
  userFace: () => "RFA24",
};

const FAILED = {
  expiredTransaction: () => "RFA8",
  certificateErr: () => "RFA16",
  userCancel: () => "RFA6",
  cancelled: () => "RFA3",
  startFailed: ({ startMode }) => (startMode === "qr" ? "RFA17B" : "RFA17A"),
  mrtdVerificationFailed: () => "RFA26",
  facialRecognitionFailed: () => "RFA27",
  nfcNotSupportedByDevice: () => "RFA28",
  multipleBankIdsOnDevice: () => "RFA29",
  stepUpFailed: () => "RFA30",
};

const ERRORS = {
  alreadyInProgress: () => "RFA4",
  requestTimeout: () => "RFA5",
  internalError: () => "RFA5",
};

const due = (table, word, situation, otherwise) => (Object.hasOwn(table, word) ? table[word](situation) : otherwise);

export const messageFor = ({ status, hintCode, errorCode }, { language, device = "computer", startMode = "qr" } = {}) => {
  const situation = { device, startMode };
  if (errorCode !== undefined) {
    // One source spells it `Maintenance` (6.2).
    const isMaintenance = errorCode.toLowerCase() === "maintenance";
    return message(isMaintenance ? "RFA5" : due(ERRORS, errorCode, situation, "RFA22"), language);
  }
  if (status === "pending") return message(due(PENDING, hintCode, situation, "RFA21"), language);
  if (status === "failed") return message(due(FAILED, hintCode, situation, "RFA22"), language);
  if (status === "complete") return undefined;
  throw new TypeError("status must be one of pending, failed, complete");
};
