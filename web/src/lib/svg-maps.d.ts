// The package names types of another one that it does not bring.
declare module '@svg-maps/japan' {
  const map: { label: string; viewBox: string; locations: { id: string; name: string; path: string }[] };
  export default map;
}
