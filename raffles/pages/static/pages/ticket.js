// Checks the receipts of one's own numbers against the published document.

import { loaded, show, tell, wordsOf } from "./checks.js";

const mine = document.querySelector("[data-module]");
const words = wordsOf("check-words");

async function check(address) {
  const [{ verifyReceipt }, receipt, proof] = await Promise.all([import(mine.dataset.module), loaded(address), loaded(mine.dataset.proof)]);
  return verifyReceipt(receipt, proof);
}

for (const button of mine.querySelectorAll("[data-receipt]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const item = button.closest("li");
    const places = { verdict: item.querySelector("[data-verdict]"), list: item.querySelector("[data-checks]") };
    tell(places.verdict, "", words.busy);
    try {
      show(places, await check(button.dataset.receipt), words);
    } catch (problem) {
      tell(places.verdict, "bad", `${words.failed} (${problem.message})`);
    }
  });
}
