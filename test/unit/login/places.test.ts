import assert from 'node:assert/strict';
import { clientPlaces } from '../../../tasks/ContainerRegistryLogin/places.ts';

const linux = { platform: 'linux', home: '/home/agent', uid: 1001 } as const;
const windows = { platform: 'win32', home: String.raw`C:\Users\agent`, uid: undefined } as const;
const mac = { platform: 'darwin', home: '/Users/agent', uid: 501 } as const;

function jobWith(variables: Readonly<Record<string, string>>, secret: readonly string[] = []) {
  return {
    variable: (name: string) => variables[name],
    isSecretVariable: (name: string) => secret.includes(name),
  };
}

describe('Where clients of registries look for logins', () => {
  it('is in the home of the user on Linux', () => {
    assert.deepEqual(clientPlaces(jobWith({}), linux), {
      dockerFolder: '/home/agent/.docker',
      dockerFile: '/home/agent/.docker/config.json',
      helmFile: '/home/agent/.config/helm/registry/config.json',
      containersFiles: ['/run/containers/1001/auth.json', '/home/agent/.config/containers/auth.json'],
      containersReadDocker: true,
    });
  });

  it('is where the XDG variables lead, for those who know them', () => {
    const places = clientPlaces(jobWith({ XDG_CONFIG_HOME: '/settings', XDG_RUNTIME_DIR: '/run/user/1001' }), linux);
    assert.equal(places.dockerFolder, '/home/agent/.docker');
    assert.equal(places.helmFile, '/settings/helm/registry/config.json');
    assert.deepEqual(places.containersFiles, ['/run/user/1001/containers/auth.json', '/settings/containers/auth.json']);
  });

  it('is in the profile on Windows', () => {
    const places = clientPlaces(jobWith({ APPDATA: String.raw`D:\Roaming` }), windows);
    assert.equal(places.dockerFile, String.raw`C:\Users\agent\.docker\config.json`);
    assert.equal(places.helmFile, String.raw`D:\Roaming\helm\registry\config.json`);
    assert.deepEqual(places.containersFiles, [String.raw`C:\Users\agent\.config\containers\auth.json`]);
    const { helmFile } = clientPlaces(jobWith({}), windows);
    assert.equal(helmFile, String.raw`C:\Users\agent\AppData\Roaming\helm\registry\config.json`);
  });

  it('is in the Library for helm on macOS', () => {
    const { helmFile } = clientPlaces(jobWith({}), mac);
    assert.equal(helmFile, '/Users/agent/Library/Preferences/helm/registry/config.json');
  });

  it('is what the variables of the job say before all others', () => {
    const own = { DOCKER_CONFIG: '/d', HELM_REGISTRY_CONFIG: '/h/registry.json', REGISTRY_AUTH_FILE: '/c/auth.json' };
    assert.deepEqual(clientPlaces(jobWith(own), linux), {
      dockerFolder: '/d',
      dockerFile: '/d/config.json',
      helmFile: '/h/registry.json',
      containersFiles: ['/c/auth.json'],
      containersReadDocker: false,
    });
    const { dockerFile } = clientPlaces(jobWith({ DOCKER_CONFIG: String.raw`D:\a\_temp\docker` }), windows);
    assert.equal(dockerFile, String.raw`D:\a\_temp\docker\config.json`);
  });

  for (const name of ['DOCKER_CONFIG', 'HELM_REGISTRY_CONFIG', 'REGISTRY_AUTH_FILE']) {
    it(`cannot be in a secret variable ${name}, which later steps would not see`, () => {
      assert.throws(
        () => clientPlaces(jobWith({}, [name]), linux),
        new RegExp(`^TaskError: This job has a secret variable ${name}, .* another name\\.$`),
      );
    });

    it(`is not told by a ${name} that begins nowhere`, () => {
      assert.throws(
        () => clientPlaces(jobWith({ [name]: '.docker' }), linux),
        new RegExp(`^TaskError: The variable ${name} of this job is "\\.docker", .* give a whole path`),
      );
    });
  }
});
