import '../shell.css';
import './dashboard.css';
import { createRoot } from 'react-dom/client';
import { Session } from '../session/session';
import { Gateway } from './ask';
import { Page } from './Page';

const GRAPHQL = '/graphql';
const session = new Session(GRAPHQL);
const root = document.getElementById('page');
if (root) createRoot(root).render(<Page session={session} gateway={new Gateway(GRAPHQL, session)} />);
