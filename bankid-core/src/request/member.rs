//! Which operation has which member: the tables of 2.2 and 2.3, and v5.1's of 2.13, in one place.
use super::{ApiVersion, Operation};

/// Whether a member belongs to an operation's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    /// Not a member of it: ignored like any unknown one, whatever its type (2.1).
    Absent,
    Optional,
    Required,
}

const N: Presence = Presence::Absent;
const O: Presence = Presence::Optional;
const R: Presence = Presence::Required;

macro_rules! members {
    ($( #[$meta:meta] )* $name:ident { $( $variant:ident $wire:literal [$($presence:ident)+], )+ }) => {
        $( #[$meta] )*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $( $variant, )+ }

        impl $name {
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$( Self::$variant, )+];

            pub(super) const fn name(self) -> &'static str {
                match self { $( Self::$variant => $wire, )+ }
            }

            /// The member of that name, if the operation has it.
            pub(super) fn find(name: &str, version: ApiVersion, operation: Operation) -> Option<Self> {
                let member = match name {
                    $( $wire => Self::$variant, )+
                    _ => return None,
                };
                (member.presence(version, operation) != Presence::Absent).then_some(member)
            }

            pub(super) fn presence(self, version: ApiVersion, operation: Operation) -> Presence {
                let row: [Presence; 8] = match self { $( Self::$variant => [$($presence),+], )+ };
                let [auth, sign, payment, other_payment, phone_auth, phone_sign, auth_5_1, sign_5_1] = row;
                match (version, operation) {
                    (ApiVersion::V6_0, Operation::Auth) => auth,
                    (ApiVersion::V6_0, Operation::Sign) => sign,
                    (ApiVersion::V6_0, Operation::Payment) => payment,
                    (ApiVersion::V6_0, Operation::OtherPayment) => other_payment,
                    (ApiVersion::V6_0, Operation::PhoneAuth) => phone_auth,
                    (ApiVersion::V6_0, Operation::PhoneSign) => phone_sign,
                    (ApiVersion::V5_1, Operation::Auth) => auth_5_1,
                    (ApiVersion::V5_1, Operation::Sign) => sign_5_1,
                    // v5.1 has no other operation; a caller who insists gets a request without members.
                    (ApiVersion::V5_1, _) => Presence::Absent,
                }
            }

            /// A set of members fits in an integer; this is the member's bit.
            pub(super) const fn bit(self) -> u16 {
                let mut bit = 1;
                let mut place = 0;
                $( if matches!(self, Self::$variant) { bit = 1 << place; } place += 1; )+
                let _ = place;
                bit
            }
        }
    };
}

members! {
    /// The members of a request that starts an order. Columns: auth, sign, payment, other/payment, phone/auth and
    /// phone/sign of v6.0 (2.2), then auth and sign of v5.1 (2.13).
    Member {
        CallInitiator          "callInitiator"          [N N N N R R  N N],
        PersonalNumber         "personalNumber"         [N N N R R R  O O],
        EndUserIp              "endUserIp"              [R R R N N N  R R],
        UserVisibleTransaction "userVisibleTransaction" [N N R R N N  N N],
        RiskFlags              "riskFlags"              [N N O O N N  N N],
        ReturnUrl              "returnUrl"              [O O O O N N  N N],
        ReturnRisk             "returnRisk"             [O O O O N N  N N],
        UserVisibleData        "userVisibleData"        [O R O O O R  O R],
        UserVisibleDataFormat  "userVisibleDataFormat"  [O O O O O O  O O],
        UserNonVisibleData     "userNonVisibleData"     [O O O O O O  O O],
        App                    "app"                    [O O O O N N  N N],
        Web                    "web"                    [O O O O N N  N N],
        Requirement            "requirement"            [O O O O O O  O O],
    }
}

members! {
    /// The members of `requirement`, columns as above (2.3, 2.13). `risk` is withdrawn: it is still read, since a bad
    /// value is refused (14.2), but has no effect.
    Condition {
        PinCode                "pinCode"                [O O O O O O  N N],
        Mrtd                   "mrtd"                   [O O O O O O  N N],
        CardReader             "cardReader"             [O O O O O O  O O],
        CertificatePolicies    "certificatePolicies"    [O O O O O O  O O],
        PersonalNumber         "personalNumber"         [O O O N N N  N N],
        Risk                   "risk"                   [O O O O N N  N N],
        TokenStartRequired     "tokenStartRequired"     [N N N N N N  O O],
        AutoStartTokenRequired "autoStartTokenRequired" [N N N N N N  O O],
        AllowFingerprint       "allowFingerprint"       [N N N N N N  O O],
        IssuerCn               "issuerCn"               [N N N N N N  O O],
    }
}
