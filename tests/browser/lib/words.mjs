// The words on pages that the tests look for.

export const WORDS = {
  en: {
    give: (amount, payee) => `Give ${amount} to ${payee}`,
    paid: "Thank you",
    pay: (amount) => `Pay ${amount}`,
    declined: "The payment was declined",
    awaiting: "Waiting for your payment",
    heldUntil: "held until",
  },
  "zh-Hans": {
    give: (amount, payee) => `向${payee}赠送 ${amount}`,
    paid: "谢谢你",
    pay: (amount) => `支付 ${amount}`,
    declined: "付款被拒绝",
    awaiting: "等待付款",
    heldUntil: "保留至",
  },
};
