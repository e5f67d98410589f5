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
    const { text } = find('caps').dataset;
    for (const field of fields) {
      const hint = find(field.id === 'password2' ? 'caps2' : 'caps') || find('caps');
      const say = (event) => {
        const isOn = event.getModifierState && event.getModifierState('CapsLock');
        if (hint.textContent !== (isOn ? text : '')) hint.textContent = isOn ? text : '';
      };
      for (const type of ['keydown', 'keyup', 'blur']) field.addEventListener(type, say);
    }
  }

  // The same counting as the server's, by the server's numbers: normalised as the application's login does it, code
  // points for the least, UTF-16 and UTF-8 for the most.
  function checkWhileTyping([password, password2]) {
    const { min, most, max, normalize, met, missing } = find('rules').dataset;
    const typed = () => (normalize ? password.value.normalize(normalize) : password.value);
    const bytes = () => new TextEncoder().encode(typed()).length;
    const checks = {
      min: () => [...typed()].length >= Number(min),
      most: () => password.value !== '' && typed().length <= Number(most),
      max: () => password.value !== '' && bytes() <= Number(max),
      match: () => password.value !== '' && password.value === password2.value,
    };
    // A far limit would only be in the way: it is there from three quarters on.
    const nears = { most: () => typed().length >= most * 0.75, max: () => bytes() >= max * 0.75 };
    const items = [...document.querySelectorAll('[data-rule]')].map((item) => {
      const said = item.appendChild(document.createElement('span'));
      said.className = 'said';
      item.parentNode.setAttribute('aria-live', 'polite');
      return {
        item,
        said,
        check: checks[item.dataset.rule],
        isNear: item.hidden && nears[item.dataset.rule],
      };
    });
    const update = () => {
      for (const { item, said, check, isNear } of items) {
        const isMet = check();
        if (isNear) item.hidden = !isNear();
        item.dataset.state = isMet ? 'met' : 'missing';
        const text = ` (${isMet ? met : missing})`;
        if (said.textContent !== text) said.textContent = text;
      }
    };
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

  // Back to a page that answered a form would be "Confirm form resubmission": from now on its address is asked for
  // instead. A form with a token in it has no address; as long as it is open, reloading must bring it again.
  const leadBackHere = () => history.replaceState(history.state, '');
  if (document.querySelector('[name=token]')) form.addEventListener('submit', leadBackHere);
  else leadBackHere();

  if (form) preventDoubleSubmit();
  if (find('form')) keepNumber(find('form'));
  if (find('password')) {
    const fields = [find('password'), find('password2')];
    showPassword(fields);
    warnAboutCapsLock(fields);
    checkWhileTyping(fields);
  }
})();
