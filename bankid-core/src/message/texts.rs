//! The texts of 9.2, word for word. Two misprints of the published ones are put right there: in the Swedish RFA15B and in
//! the English RFA23.

use super::Language;

macro_rules! messages {
    ($( $(#[$doc:meta])* $variant:ident = $id:literal { sv: $swedish:literal, $english_by:ident: $english:literal } )+) => {
        /// A recommended user message. The numbers 7, 10, 11 and 12 are unused, 14 and 18 are retired.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Message {
            $( $(#[$doc])* $variant, )+
        }

        impl Message {
            /// All messages, by number.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// BankID's name for it, such as `RFA15A`.
            pub const fn id(self) -> &'static str {
                match self {
                    $( Self::$variant => $id, )+
                }
            }

            /// The text to show.
            pub const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $(
                        (Self::$variant, Language::Swedish) => $swedish,
                        (Self::$variant, Language::English) => $english,
                    )+
                }
            }

            /// Whether the text is BankID's; otherwise it is our own, because theirs is not known.
            pub const fn official(self, language: Language) -> bool {
                match (self, language) {
                    $( (Self::$variant, Language::English) => messages!(@official $english_by), )+
                    (_, Language::Swedish) => true,
                }
            }
        }
    };
    (@official en) => { true };
    (@official own_en) => { false };
}

messages! {
    /// Start the app, or scan.
    Rfa1 = "RFA1" {
        sv: "Starta BankID-appen.",
        en: "Start your BankID app."
    }
    /// The app is not installed on the mobile device, as the relying party sees for itself.
    Rfa2 = "RFA2" {
        sv: "Du verkar inte ha BankID-appen. Installera den och skaffa ett BankID.",
        en: "You don't seem to have the BankID app. Install the app and get a BankID."
    }
    /// Failed: `cancelled`.
    Rfa3 = "RFA3" {
        sv: "Åtgärden avbröts. Försök igen.",
        en: "The action was cancelled. Please try again."
    }
    /// Refused: `alreadyInProgress`.
    Rfa4 = "RFA4" {
        sv: "En identifiering eller underskrift pågår redan för ditt personnummer. Försök igen.",
        en: "An identification or signature is already in progress for your personal identity number. Please try again."
    }
    /// Refused: `requestTimeout`, `internalError`, and `maintenance` that lasts.
    Rfa5 = "RFA5" {
        sv: "Något gick fel. Försök igen.",
        en: "Something went wrong. Please try again."
    }
    /// Failed: `userCancel`.
    Rfa6 = "RFA6" {
        sv: "Åtgärden avbröts.",
        en: "The action was cancelled."
    }
    /// Failed: `expiredTransaction`.
    Rfa8 = "RFA8" {
        sv: "BankID-appen svarar inte. Kontrollera att den är startad och att du har internetanslutning. Försök sedan igen.",
        en: "The BankID app is not responding. Please check that it’s started and that you have internet access. Try again."
    }
    /// Pending: `userSign`.
    Rfa9 = "RFA9" {
        sv: "Skriv in din säkerhetskod i BankID-appen och välj Identifiera eller Skriv under.",
        en: "Enter your security code in the BankID app and select Identify or Sign."
    }
    /// Pending: the app is being started on this device.
    Rfa13 = "RFA13" {
        sv: "Försöker starta BankID-appen.",
        en: "Trying to start your BankID app."
    }
    /// Pending: `started`, on a computer.
    Rfa15a = "RFA15A" {
        sv: "Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här datorn. Om du har ett BankID på kort, sätt in kortet i kortläsaren.",
        en: "Searching for BankID. Make sure you have a valid BankID on this computer. If you have a BankID on card, please insert the card into your card reader."
    }
    /// Pending: `started`, on a mobile device.
    Rfa15b = "RFA15B" {
        sv: "Söker efter BankID. Säkerställ att du har ett giltigt BankID på den här enheten.",
        en: "Searching for BankID. Make sure you have a valid BankID on this device."
    }
    /// Failed: `certificateErr`.
    Rfa16 = "RFA16" {
        sv: "Ditt BankID är för gammalt eller spärrat. Använd ett annat BankID eller skaffa ett nytt hos din bank.",
        en: "Your BankID is blocked or too old. Please use another BankID or get a new one from your bank."
    }
    /// Failed: `startFailed`, without a QR code.
    Rfa17a = "RFA17A" {
        sv: "Du verkar inte ha BankID-appen/programmet. Installera den och skaffa ett BankID hos din bank.",
        en: "You don't seem to have the BankID app/program. Please install it and get a BankID from your bank."
    }
    /// Failed: `startFailed`, with a QR code.
    Rfa17b = "RFA17B" {
        sv: "Misslyckades att läsa av QR-koden. Starta BankID-appen och läs av QR-koden.",
        en: "Failed to scan the QR code. Start the BankID app and scan the QR code."
    }
    /// The question to a user on a computer.
    Rfa19 = "RFA19" {
        sv: "Vill du använda BankID på den här datorn eller ett Mobilt BankID?",
        en: "Would you like to use BankID on this computer, or a Mobile BankID?"
    }
    /// The question to a user on a mobile device.
    Rfa20 = "RFA20" {
        sv: "Vill du använda BankID på den här enheten eller på en annan enhet?",
        en: "Do you want to use BankID on this device or another device?"
    }
    /// Pending: unknown hints, `processing`, `userCallConfirm`.
    Rfa21 = "RFA21" {
        sv: "En identifiering eller underskrift pågår.",
        en: "An identification or signing is in progress."
    }
    /// Failed or refused for an unknown reason.
    Rfa22 = "RFA22" {
        sv: "Något gick fel. Försök igen.",
        en: "Something went wrong. Please try again."
    }
    /// Pending: `userMrtd`.
    Rfa23 = "RFA23" {
        sv: "Fotografera och läs av din ID-handling med BankID-appen.",
        en: "Take a photo of, and scan, your ID document with the BankID app."
    }
    /// Pending: `userFace`.
    Rfa24 = "RFA24" {
        sv: "Gör en ansiktsigenkänning i BankID-appen.",
        own_en: "Go through facial recognition in the BankID app."
    }
    /// Pending: `userStepUp`.
    Rfa25 = "RFA25" {
        sv: "Välj hur du vill bekräfta din identitet i BankID-appen.",
        own_en: "Choose how to confirm your identity in the BankID app."
    }
    /// Failed: `mrtdVerificationFailed`.
    Rfa26 = "RFA26" {
        sv: "Kontrollen av din ID-handling misslyckades. Försök igen.",
        own_en: "Your ID document could not be verified. Please try again."
    }
    /// Failed: `facialRecognitionFailed`.
    Rfa27 = "RFA27" {
        sv: "Ansiktsigenkänningen misslyckades. Försök igen.",
        own_en: "Facial recognition failed. Please try again."
    }
    /// Failed: `nfcNotSupportedByDevice`.
    Rfa28 = "RFA28" {
        sv: "Din enhet saknar den läsare som behövs för att kontrollera ID-handlingar.",
        own_en: "Your device lacks the reader that is needed to verify ID documents."
    }
    /// Failed: `multipleBankIdsOnDevice`.
    Rfa29 = "RFA29" {
        sv: "Du har flera BankID på din enhet. Du behöver radera alla utom ett BankID för att kunna slutföra identifieringen. Det gör du under Meny - Inställningar i din BankID-app.",
        own_en: "You have more than one BankID on your device. Delete all but one of them to complete the identification. You do this under Menu - Settings in your BankID app."
    }
    /// Failed: `stepUpFailed`.
    Rfa30 = "RFA30" {
        sv: "Bekräftelsen av din identitet misslyckades. Försök igen.",
        own_en: "Your identity could not be confirmed. Please try again."
    }
}
