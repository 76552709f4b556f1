/** Starts what has been made; where that fails, nothing of it stays. */
export async function started<Server extends AsyncDisposable>(
  server: Server,
  start: (server: Server) => Promise<void>,
): Promise<Server> {
  try {
    await start(server);
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}
