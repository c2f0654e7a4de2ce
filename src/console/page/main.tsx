import { render } from 'preact';
import { App } from './app.js';
import { Connection } from './connection.js';
import { Store } from './store.js';

const store = new Store();
const connection = new Connection(store);
render(<App store={store} connection={connection} />, document.getElementById('app')!);
void connection.open();
