export async function sensitivity(_file: string, _options: unknown): Promise<number> {
  return 0;
}
