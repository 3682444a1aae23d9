// What is in the cart, and what the customer signs for it. Prices are in öre, and the backend's word.

export const lines = [
  { name: { sv: "Bryggkaffe från Nicaragua, 250 g", en: "Filter coffee from Nicaragua, 250 g" }, count: 2, price: 11_900 },
  { name: { sv: "Espressobönor från Kenya, 1 kg", en: "Espresso beans from Kenya, 1 kg" }, count: 1, price: 34_900 },
  { name: { sv: "Kaffemått i björk", en: "Coffee scoop of birch" }, count: 1, price: 8_900 },
];

export const TOTAL = lines.reduce((total, { count, price }) => total + count * price, 0);

const WORDS = {
  sv: { title: "Beställning hos Fjällkaffe", what: "Vara", count: "Antal", price: "Pris", total: "Att betala", terms: "Jag beställer varorna ovan och betalar mot faktura inom 30 dagar." },
  en: { title: "Order at Fjällkaffe", what: "Item", count: "Quantity", price: "Price", total: "To be paid", terms: "I order the goods above and pay by invoice within 30 days." },
};

const kronor = (price) => `${price / 100} kr`;

/** The text that the app shows and the customer signs, as BankID's simple markdown. */
export const agreement = (language) => {
  const words = WORDS[language];
  const rows = lines.map(({ name, count, price }) => `|${name[language]}|${count}|${kronor(count * price)}|`);
  const table = [`|${words.what}|${words.count}|${words.price}|`, "|-|-:|-:|", ...rows];
  return [`# ${words.title}`, "", ...table, "", `*${words.total}:* ${kronor(TOTAL)}`, "", words.terms].join("\n");
};
