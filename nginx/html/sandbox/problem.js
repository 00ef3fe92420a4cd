// SPDX-License-Identifier: MIT
// What a problem document (RFC 9457) says to somebody who filled in a form; the lead page uses it too.

const refused = new Map(); // marked inputs, and what described them before

// Marks the input and points from it to the element that tells what is wrong (WCAG 3.3.1).
export function refuse(input, teller) {
  if (refused.has(input)) return;
  const before = input.getAttribute("aria-describedby");
  refused.set(input, before);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", before ? `${before} ${teller}` : teller);
}

export function clearRefused() {
  for (const [input, before] of refused) {
    input.removeAttribute("aria-invalid");
    if (before) input.setAttribute("aria-describedby", before);
    else input.removeAttribute("aria-describedby");
  }
  refused.clear();
}

// Each refused field by its label, and marked; a problem without fields in the server's own sentence, if there is one.
export function problemText(problem, form, teller) {
  if (!problem?.errors?.length) return problem?.detail;
  return problem.errors.map((error) => {
    const input = form.elements[error.pointer.split("/").pop()];
    if (!input) return error.detail;
    refuse(input, teller);
    return `${input.labels[0].firstChild.textContent.trim()}: ${error.detail}`;
  }).join(" ");
}
