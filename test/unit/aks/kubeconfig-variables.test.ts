import assert from 'node:assert/strict';
import { kubeconfigVariables } from '../../../tasks/AksCredentials/kubeconfig-variables.ts';

function jobWith(variables: Readonly<Record<string, string>>, secret: readonly string[] = []) {
  return {
    variable: (name: string) => variables[name],
    isSecretVariable: (name: string) => secret.includes(name),
  };
}

describe('The variables that name the kubeconfig to later steps', () => {
  const both = ['KUBECONFIG', 'KUBE_CONFIG_PATH'];

  it("are the usual one and that of Terraform's providers", () => {
    assert.deepEqual(kubeconfigVariables(jobWith({})), both);
  });

  it('follow a second step to its own cluster', () => {
    const first = { KUBECONFIG: '/temp/a/kubeconfig', KUBE_CONFIG_PATH: '/temp/a/kubeconfig' };
    assert.deepEqual(kubeconfigVariables(jobWith(first)), both);
  });

  it("leave alone what the job has for Terraform's providers", () => {
    const own = { KUBE_CONFIG_PATH: '/home/agent/terraform.yaml', KUBECONFIG: '/temp/a/kubeconfig' };
    assert.deepEqual(kubeconfigVariables(jobWith(own)), ['KUBECONFIG']);
    assert.deepEqual(kubeconfigVariables(jobWith({}, ['KUBE_CONFIG_PATH'])), ['KUBECONFIG']);
  });

  it('cannot be secret: later steps would not see them', () => {
    assert.throws(
      () => kubeconfigVariables(jobWith({}, ['KUBECONFIG'])),
      /^TaskError: This job has a secret variable KUBECONFIG, .*Give that variable .* another name\.$/,
    );
  });
});
