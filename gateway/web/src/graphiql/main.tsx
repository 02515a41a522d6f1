import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '../shell.css';
import './page.css';
import { createRoot } from 'react-dom/client';
import { Session } from '../session/session';
import { Page } from './Page';

const url = location.pathname;
const root = document.getElementById('page');
if (root) createRoot(root).render(<Page url={url} session={new Session(url)} />);
