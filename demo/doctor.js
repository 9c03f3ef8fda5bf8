// The doctor's page: shows the legs as they are looked at. What is looked at is in legs.js.

import { byId, make } from './dom.js';
import { LEGS, examine } from './legs.js';
import { apply, switchLanguage, write } from './words.js';

const rows = new Map();

for (const leg of LEGS) {
  const state = make('span', { class: 'state' });
  const name = make('strong');
  const found = make('span', { class: 'found', 'data-testid': 'found' });
  const fix = make('span', { class: 'fix', 'data-testid': 'fix' });
  const row = make('li', { 'data-testid': 'leg', 'data-leg': leg }, state, name, found, fix);
  write(name, `doctor.${leg}`);
  rows.set(leg, { row, state, found, fix });
  byId('legs').append(row);
}

function show(leg, { state, found = '', fix = '', fill }) {
  const { row, ...parts } = rows.get(leg);
  row.dataset.state = state;
  write(parts.state, `doctor.is.${state}`);
  for (const [part, key] of [[parts.found, found], [parts.fix, fix]]) {
    if (key) write(part, `doctor.${key}`, fill);
    else {
      // So that a change of the language does not bring it back.
      delete part.dataset.t;
      part.textContent = '';
    }
  }
}

async function look() {
  document.body.dataset.state = 'running';
  byId('again').disabled = true;
  write(byId('verdict'), 'doctor.looking');
  for (const leg of LEGS) show(leg, { state: 'running' });
  const states = [];
  await examine((leg, finding) => {
    states.push(finding.state);
    show(leg, finding);
  });
  write(byId('verdict'), states.includes('failed') ? 'doctor.sick' : 'doctor.well');
  byId('again').disabled = false;
  document.body.dataset.state = 'done';
}

byId('language').addEventListener('click', switchLanguage);
byId('again').addEventListener('click', look);
apply();
look();
