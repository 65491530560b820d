export { OwnAppsPage as default } from './AppsPage.tsx'
