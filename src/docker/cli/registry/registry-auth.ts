import type { RegistryAuth } from "../../api/engine.ts";
import type { CommandContext } from "../command.ts";
import { readConfigFile, writeConfigFile, type ConfigFile } from "../config-file.ts";
import { CredentialHelper } from "./credential-helper.ts";
import { registryKey } from "./registry-key.ts";

type Around = Pick<CommandContext, "configFolder" | "env">;

/** What a credential helper calls an identity token's user. */
const tokenUser = "<token>";

/** The user's login for a registry, from docker's `config.json` or the helper that it names; null without one. */
export function registryAuth({ configFolder, env }: Around, domain: string): RegistryAuth | null {
  const config = readConfigFile(configFolder);
  const key = registryKey(domain);
  const helper = CredentialHelper.of(config, key, env);
  if (helper) {
    const kept = helper.get(key);
    if (!kept) return null;
    return kept.Username === tokenUser ? { identitytoken: kept.Secret } : { username: kept.Username, password: kept.Secret };
  }
  const entry = config.auths?.[key];
  if (!entry) return null;
  if (entry.identitytoken !== undefined) return { identitytoken: entry.identitytoken };
  const text = Buffer.from(entry.auth ?? "", "base64").toString();
  const colon = text.indexOf(":");
  return colon < 0 ? null : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/**
 * Keeps a login: with the helper, or in `config.json`, which then has the password as anybody can read it.
 * @throws Error with Docker's text when the helper refuses.
 */
export async function keepAuth(
  { configFolder, env }: Around,
  key: string,
  login: { readonly username: string; readonly password: string; readonly identityToken: string },
): Promise<{ readonly inPlainText: boolean }> {
  const { username, password, identityToken } = login;
  const config = readConfigFile(configFolder);
  const helper = CredentialHelper.of(config, key, env);
  helper?.store(key, identityToken === "" ? { Username: username, Secret: password } : { Username: tokenUser, Secret: identityToken });
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  const entry = helper ? {} : identityToken === "" ? { auth } : { auth, identitytoken: identityToken };
  await writeConfigFile(configFolder, withAuths(config, { ...config.auths, [key]: entry }));
  return { inPlainText: helper === null };
}

/** Forgets a login. */
export async function forgetAuth({ configFolder, env }: Around, key: string): Promise<void> {
  const config = readConfigFile(configFolder);
  // Older clients kept addresses where newer ones keep hosts.
  const keys = key.includes("://") ? [key] : [key, `http://${key}`, `https://${key}`];
  for (const each of keys) CredentialHelper.of(config, each, env)?.erase(each);
  if (config.auths?.[key] === undefined) return;
  const { [key]: _, ...auths } = config.auths;
  await writeConfigFile(configFolder, withAuths(config, auths));
}

/** First in the file, as docker writes it. */
function withAuths(config: ConfigFile, auths: NonNullable<ConfigFile["auths"]>): ConfigFile {
  return Object.assign({ auths }, config, { auths });
}
