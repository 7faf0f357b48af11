// Adds to every form of the page that posts to {{form}} what tells a person from a program:
// a field that people don't see, when the page was opened, and a key by which what is sent
// twice is kept once. Sets no cookie, stores nothing, asks nobody.
(function () {
  "use strict";
  var stamp = "{{stamp}}";
  // A module is not told which script it is.
  var own = document.currentScript || document.querySelector('script[src*="/f/{{form}}/script.js"]');
  var target = own.src.replace(/\/script\.js([?#].*)?$/, "");

  // By its attribute: `form.action` is a field where one is called so.
  function sendsHere(form) {
    if (form.getAttribute("data-clientele") === "{{form}}") return true;
    try {
      var action = new URL(form.getAttribute("action") || "", document.baseURI);
      return action.origin + action.pathname === target;
    } catch (error) {
      return false;
    }
  }

  function hidden(form, name, value) {
    var field = form.querySelector('input[name="' + name + '"]');
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      form.appendChild(field);
    }
    field.value = value;
  }

  function trap(form) {
    if (form.querySelector('[name="_gotcha"]')) return;
    var box = document.createElement("div");
    box.setAttribute("aria-hidden", "true");
    box.style.cssText = "position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden";
    var field = document.createElement("input");
    field.type = "text";
    field.name = "_gotcha";
    field.tabIndex = -1;
    field.autocomplete = "off";
    box.appendChild(field);
    form.appendChild(box);
  }

  function key() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.prototype.map.call(bytes, function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  }

  function prepare(form) {
    trap(form);
    hidden(form, "_stamp", stamp);
    hidden(form, "_page", location.origin + location.pathname);
    hidden(form, "_idempotency_key", key());
  }

  function prepareAll() {
    Array.prototype.filter.call(document.forms, sendsHere).forEach(prepare);
  }

  // What is typed anew is another message, after the browser's back button too.
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && sendsHere(form)) hidden(form, "_idempotency_key", key());
  });
  // A form that the page made later.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (sendsHere(form) && !form.querySelector('[name="_stamp"]')) prepare(form);
  }, true);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", prepareAll);
  else prepareAll();
})();
