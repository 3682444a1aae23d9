//! The methods builders have in common, group by group, so that each builder has exactly its operation's members.

/// `setters!(Builder: group ...)` for a builder that is a tuple struct around a `Draft`.
macro_rules! setters {
    ($builder:ident: $($group:ident)+) => { $( $crate::request::build::setters::group!($group $builder); )+ };
}

macro_rules! group {
    (text $builder:ident) => {
        impl $builder {
            /// The text the app shows, at most what the base64 limits of 2.2 leave room for.
            pub fn text(self, text: &str) -> Self {
                Self(self.0.text(text))
            }
        }
    };
    (data $builder:ident) => {
        impl $builder {
            /// How the text is shown; plain if this is not called.
            pub fn format(mut self, format: $crate::request::TextFormat) -> Self {
                self.0.start.user_visible_data_format = Some(format.as_str().into());
                self
            }

            /// Data that is signed but not shown.
            pub fn non_visible_data(self, data: &[u8]) -> Self {
                Self(self.0.data(data))
            }
        }
    };
    (return_to $builder:ident) => {
        impl $builder {
            /// Where the app sends the user after a same-device order (8.4).
            pub fn return_url(mut self, url: &str) -> Self {
                self.0.start.return_url = Some($crate::Text::from(url).into_owned());
                self
            }

            /// Whether the result shall hold the risk.
            pub fn return_risk(mut self, wanted: bool) -> Self {
                self.0.start.return_risk = Some(wanted);
                self
            }
        }
    };
    (device $builder:ident) => {
        impl $builder {
            /// Facts about the relying party's own app. Not together with `web`.
            pub fn app(mut self, app: $crate::request::App<'static>) -> Self {
                self.0.start.app = Some(app);
                self
            }

            /// Facts about the browser. Not together with `app`.
            pub fn web(mut self, web: $crate::request::Web<'static>) -> Self {
                self.0.start.web = Some(web);
                self
            }
        }
    };
    (requirement $builder:ident) => {
        $crate::request::build::setters::group!(conditions $builder);

        impl $builder {
            /// Whether the user must enter the security code even if biometrics are active.
            pub fn pin_code(mut self, required: bool) -> Self {
                self.0.requirement().pin_code = Some(required);
                self
            }

            /// Whether the user must read the chip of a passport or identity card.
            pub fn mrtd(mut self, required: bool) -> Self {
                self.0.requirement().mrtd = Some(required);
                self
            }
        }
    };
    (conditions $builder:ident) => {
        impl $builder {
            /// Where the code of a card must be entered; combine it with the policy of cards (section 3).
            pub fn card_reader(mut self, reader: $crate::request::CardReader) -> Self {
                self.0.requirement().card_reader = Some(reader.as_str().into());
                self
            }

            /// The kinds of BankID allowed, as OIDs (section 3). All if this is not called.
            pub fn certificate_policies<'p>(mut self, policies: impl IntoIterator<Item = &'p str>) -> Self {
                let policies = policies.into_iter().map(|policy| $crate::Text::from(policy).into_owned());
                self.0.requirement().certificate_policies = Some(policies.collect());
                self
            }
        }
    };
    (conditions_5_1 $builder:ident) => {
        impl $builder {
            /// Starts the order at this person's app.
            pub fn personal_number(self, number: $crate::PersonalNumber) -> Self {
                Self(self.0.person(number))
            }

            /// Whether the app must be started with QR code or start URL all the same.
            pub fn token_start_required(mut self, required: bool) -> Self {
                self.0.requirement().token_start_required = Some(required);
                self
            }

            /// Whether biometrics may stand in for the security code.
            pub fn allow_fingerprint(mut self, allowed: bool) -> Self {
                self.0.requirement().allow_fingerprint = Some(allowed);
                self
            }

            /// The names of authorities whose certificates are allowed. All if this is not called.
            pub fn issuer_cn<'n>(mut self, names: impl IntoIterator<Item = &'n str>) -> Self {
                let names = names.into_iter().map(|name| $crate::Text::from(name).into_owned());
                self.0.requirement().issuer_cn = Some(names.collect());
                self
            }
        }
    };
    (person $builder:ident) => {
        impl $builder {
            /// Only this person may complete the order.
            pub fn personal_number(self, number: $crate::PersonalNumber) -> Self {
                Self(self.0.required_person(number))
            }
        }
    };
    (build $builder:ident) => {
        impl $builder {
            /// Asks for what the server does not: that a personal number is a real date with the right control digit.
            pub fn strict(self) -> Self {
                Self(self.0.strict())
            }

            /// The request, once it has passed the checks.
            ///
            /// # Errors
            /// What the server would answer, with the member at fault; or what `strict` found.
            pub fn build(self) -> Result<$crate::request::Start<'static>, $crate::error::Invalid> {
                self.0.build()
            }
        }
    };
}

pub(super) use {group, setters};
