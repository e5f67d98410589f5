// Comfort for the pages; everything works without it. No inline code, so the content security policy allows it.
(() => {
  const find = (id) => document.getElementById(id);
  const form = document.querySelector('form');

  function preventDoubleSubmit() {
    const button = form.querySelector('button');
    const label = button.textContent;
    const allow = () => {
      button.removeAttribute('aria-disabled');
      button.textContent = label;
    };
    form.addEventListener('submit', (event) => {
      if (button.getAttribute('aria-disabled')) return event.preventDefault();
      button.setAttribute('aria-disabled', 'true');
      button.textContent = form.dataset.working;
      // Whoever stopped the browser while it waited is still here, and longer than this no answer takes.
      setTimeout(allow, 25_000);
    });
    // Back from the next page: the form is usable again.
    addEventListener('pageshow', allow);
  }

  function showPassword(fields) {
    find('show-row').hidden = false;
    const apply = () => {
      for (const field of fields) field.type = find('show').checked ? 'text' : 'password';
    };
    find('show').addEventListener('change', apply);
    // Sent as passwords, so that browsers offer to keep them and never to complete them.
    form.addEventListener('submit', () => {
      find('show').checked = false;
      apply();
    });
    apply();
  }

  function warnAboutCapsLock(fields) {
    const hint = find('caps');
    for (const field of fields) {
      for (const type of ['keydown', 'keyup']) {
        field.addEventListener(type, (event) => {
          const isOn = event.getModifierState && event.getModifierState('CapsLock');
          const text = isOn ? hint.dataset.text : '';
          if (hint.textContent !== text) hint.textContent = text;
        });
      }
    }
  }

  // The same counting as the server's, by the server's numbers: normalised as the application's login does it, code
  // points for the least, UTF-16 and UTF-8 for the most.
  function checkWhileTyping([password, password2]) {
    const list = find('rules');
    const { min, most, max, normalize, met, missing } = list.dataset;
    const typed = () => (normalize ? password.value.normalize(normalize) : password.value);
    const checks = {
      min: () => [...typed()].length >= Number(min),
      most: () => password.value !== '' && typed().length <= Number(most),
      max: () => password.value !== '' && new TextEncoder().encode(typed()).length <= Number(max),
      match: () => password.value !== '' && password.value === password2.value,
    };
    const items = [...list.querySelectorAll('[data-rule]')].map((item) => {
      const said = item.appendChild(document.createElement('span'));
      said.className = 'said';
      return { item, said, check: checks[item.dataset.rule] };
    });
    const update = () => {
      for (const { item, said, check } of items) {
        const isMet = check();
        item.dataset.state = isMet ? 'met' : 'missing';
        const text = ` (${isMet ? met : missing})`;
        if (said.textContent !== text) said.textContent = text;
      }
    };
    list.setAttribute('aria-live', 'polite');
    for (const field of [password, password2]) field.addEventListener('input', update);
    update();
  }

  // Back brings a new form, but only the form that was first may send its code again.
  function keepNumber(field) {
    try {
      field.value = sessionStorage.getItem('form') || field.value;
      sessionStorage.setItem('form', field.value);
    } catch {
      // Where nothing may be kept, reloading works all the same.
    }
  }

  if (form) preventDoubleSubmit();
  if (find('form')) keepNumber(find('form'));
  if (find('password')) {
    const fields = [find('password'), find('password2')];
    showPassword(fields);
    warnAboutCapsLock(fields);
    checkWhileTyping(fields);
  }
})();
