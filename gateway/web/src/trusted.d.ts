declare module '*.graphql?trusted' {
  const documentId: string;
  export default documentId;
}
