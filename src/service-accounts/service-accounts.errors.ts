import { notFound, slugTaken } from '../http/resource-problems.js';

export const serviceAccountNotFound = notFound('ServiceAccount', 'service account');

export const serviceAccountSlugTaken = slugTaken('CreateServiceAccount', 'service account');
