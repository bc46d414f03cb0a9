import { expect, test } from 'vitest'
import type { DeviceRequest } from '../../src/system/deploy.ts'
import { at, compileServices, limits, remarks, service } from './specs.ts'

function request(given: Partial<DeviceRequest> = {}): DeviceRequest {
  return { driver: null, count: 1, deviceIds: [], capabilities: ['gpu'], options: {}, ...given }
}

function withDevices(gpus: DeviceRequest[], devices: DeviceRequest[] = []) {
  return compileServices({ web: service({ gpus, resources: limits({ cpus: 1 }, { devices }) }) })
}

const limitsOf = (gpus: DeviceRequest[], devices: DeviceRequest[] = []) =>
  at(withDevices(gpus, devices), 'Deployment/shop-web', 'spec.template.spec.containers.0.resources.limits')

test('asks the cluster for a number of GPUs of a maker', () => {
  expect(limitsOf([request({ count: 2, capabilities: [] })])).toEqual({ 'nvidia.com/gpu': '2', cpu: '1' })
  expect(limitsOf([], [request({ driver: 'amd' })])).toEqual({ 'amd.com/gpu': '1', cpu: '1' })
})

test('adds up what is asked for in several places', () => {
  expect(limitsOf([request(), request()], [request({ count: 3 })])).toMatchObject({ 'nvidia.com/gpu': '5' })
})

test('refuses what has no number', () => {
  expect(remarks(withDevices([request({ count: 'all' })], [request({ count: null })]))).toEqual([
    'error DEVICE_COUNT_REQUIRED services.web.gpus[0]',
    'error DEVICE_COUNT_REQUIRED services.web.deploy.resources.reservations.devices[0]',
  ])
  expect(remarks(withDevices([request({ deviceIds: ['0'] })]))).toEqual([
    'error DEVICE_COUNT_REQUIRED services.web.gpus[0]',
  ])
})

test('refuses devices that have no name in a cluster', () => {
  expect(
    remarks(withDevices([request({ driver: 'toString' })], [request({ capabilities: ['tpu'] })])),
  ).toEqual([
    'error NOT_ON_KUBERNETES services.web.gpus[0]',
    'error NOT_ON_KUBERNETES services.web.deploy.resources.reservations.devices[0]',
  ])
})

test('warns that options of a driver are not applied', () => {
  expect(remarks(withDevices([request({ options: { virtualization: 'false' } })]))).toEqual([
    'warning NOT_APPLIED services.web.gpus[0].options',
  ])
})
