/* The service of the plugin `hostile`: a call into it crashes. */
#ifndef HOSTILE_SERVICE_H
#define HOSTILE_SERVICE_H

#define HOSTILE_SERVICE_ID "hostile.fault/1"

typedef struct hostile_service_v1 {
  void (*fault)(void);
} hostile_service_v1;

#endif
