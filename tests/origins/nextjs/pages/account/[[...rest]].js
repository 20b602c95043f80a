export default function Page({ text }) { return <p>{text}</p>; }

export async function getServerSideProps() { return { props: { text: 'personal:account' } }; }
