// Checks the published document in this browser and says what came of it.

import { loaded, show, tell, wordsOf } from "./checks.js";

const section = document.getElementById("verify");
const words = wordsOf("check-words");
const find = (name) => section.querySelector(`[data-${name}]`);
const places = { verdict: find("verdict"), list: find("checks") };

async function check() {
  // Only whoever asks for it carries what computes.
  const [{ verifyProof }, proof] = await Promise.all([import(section.dataset.module), loaded(section.dataset.proof)]);
  return verifyProof(proof, { trustedChains: wordsOf("chains") });
}

find("verify").hidden = false;
find("verify").addEventListener("click", async ({ target }) => {
  target.disabled = true;
  places.list.hidden = true;
  tell(places.verdict, "", words.busy);
  try {
    show(places, await check(), words);
  } catch (problem) {
    tell(places.verdict, "bad", `${words.failed} (${problem.message})`);
  }
  target.disabled = false;
});
